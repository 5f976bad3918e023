import { MIX_RATE, type RecordingClock, SAMPLE_RATE } from "@verbatim/shared/clock";
import type { SeatId } from "@verbatim/shared/ids";
import type { Span } from "@verbatim/shared/recording/control";
import type { TrackHeader } from "@verbatim/shared/spool/format";
import type { EngineResult, SpeechEngine, Talk } from "../speech/engine.ts";
import type { LogEntry } from "../spool/reader.ts";
import type { TrackCursor } from "./cursor.ts";
import { createHoldBack, type Keeping } from "./hold-back.ts";
import { createLatency } from "./latency.ts";
import { type PlacedWord, placeWords } from "./place-words.ts";
import type { SentAudio } from "./sent-audio.ts";
import { positionNow } from "./position-now.ts";
import { createSoundMemory, type SoundMemory } from "./sound-memory.ts";
import { createTrackSession, type TrackSession } from "./track-session.ts";
import { openTrackSound } from "./track-sound.ts";

export type HeardWords = { readonly seatId: SeatId; readonly isFinal: boolean; readonly words: readonly PlacedWord[] };

export type TrackScribe = Disposable & {
  readonly seatId: SeatId;
  readonly memory: SoundMemory;
  readonly session: TrackSession;
  push(entries: readonly LogEntry[], keeping: Keeping, progressUs: number | undefined): void;
  /** The run is over; what is held back is dropped, what was taken is still to be heard out. */
  end(): void;
  /** Up to this position everything kept was said in final words, or holds none. */
  readonly doneSamples: number;
  /** Where to read from again for everything since a position. */
  cursor(commonSamples: number): TrackCursor;
};

/** Sound before what is to be heard, for the decoder to settle and for echoes to be found. */
const LEAD_SAMPLES = 2 * SAMPLE_RATE;

/** One track of a run, from its log to words on the recording's clock. */
export async function openTrackScribe(options: {
  readonly header: TrackHeader;
  readonly clock: RecordingClock;
  readonly from: TrackCursor;
  readonly engine: SpeechEngine;
  readonly talk: Talk;
  readonly now: () => number;
  readonly random: () => number;
  readonly keeping: () => Keeping;
  /** Whether these words are another track's sound, heard again. */
  readonly echoed: (own: TrackScribe, span: Span) => boolean;
  readonly onWords: (heard: HeardWords) => void;
  readonly onReconnect: (detail: string) => void;
}): Promise<TrackScribe> {
  const { header, from, engine } = options;
  const sound = await openTrackSound(header, options.clock, from);
  const hold = createHoldBack();
  const memory = createSoundMemory();
  const latency = createLatency(options.now, () => positionNow(options.clock));
  const marks: { position: number; offset: number; muted: boolean }[] = [];
  /** Words up to here were said. */
  let saidSamples = from.doneSamples;
  let readSamples = from.doneSamples;
  let verdicts = new Map<number, boolean>();

  const onResult = (result: EngineResult, sent: SentAudio): void => {
    const answered = latency.of(result, sent);
    const timed = new Map(result.words.map((word) => [word, answered.get(word)]));
    const words: PlacedWord[] = [];
    for (const word of result.words) {
      const [placed] = placeWords([word], {
        heldBehind: sent.heldBehind,
        kept: options.keeping().spans,
        after: words.at(-1)?.to ?? Math.max(saidSamples, sent.knownTo),
      });
      if (!placed || echoed(placed)) continue;
      words.push({ ...placed, ...timed.get(word) });
    }
    if (result.isFinal) {
      saidSamples = Math.max(saidSamples, words.at(-1)?.to ?? 0);
      verdicts = new Map();
    }
    options.onWords({ seatId: header.seatId, isFinal: result.isFinal, words });
  };

  /** An interim comes again and again with the same words: each place is compared once. */
  const echoed = (span: Span): boolean => {
    const place = Math.round((span.from + span.to) / SAMPLE_RATE / 0.2);
    const known = verdicts.get(place);
    if (known !== undefined) return known;
    const verdict = options.echoed(track, span);
    verdicts.set(place, verdict);
    return verdict;
  };

  const session = createTrackSession({
    engine,
    talk: options.talk,
    now: options.now,
    random: options.random,
    onResult,
    onReconnect: (detail) => {
      latency.restart();
      options.onReconnect(detail);
    },
  });

  const mark = (position: number, offset: number, muted: boolean): void => {
    if (position >= (marks.at(-1)?.position ?? Number.NEGATIVE_INFINITY) + SAMPLE_RATE) {
      marks.push({ position, offset, muted });
    }
  };

  const track: TrackScribe = {
    seatId: header.seatId,
    memory,
    session,
    push(entries, keeping, progressUs) {
      const frames = sound.push(entries);
      for (const frame of frames) mark(frame.startSamples, frame.offset, frame.muted);
      for (const frame of hold.pass(frames, keeping)) {
        readSamples = Math.max(readSamples, frame.startSamples + (frame.pcm.length * SAMPLE_RATE) / MIX_RATE);
        if (frame.muted || frame.startSamples < 0) continue;
        memory.add(frame.startSamples, frame.pcm);
        // Heard out before our last end; read again only for what other tracks are compared with.
        if (frame.startSamples + SAMPLE_RATE / 100 < from.doneSamples) continue;
        session.offer(frame);
      }
      if (progressUs === undefined) return;
      const settled = sound.settle(progressUs);
      if (settled.size === 0) return;
      for (const frame of session.frames()) frame.startSamples = settled.get(frame.index) ?? frame.startSamples;
    },
    end() {
      hold.drop();
      session.end();
    },
    get doneSamples() {
      return Math.max(
        0,
        Math.min(session.open ?? Number.POSITIVE_INFINITY, hold.first?.startSamples ?? readSamples, readSamples),
      );
    },
    cursor(commonSamples) {
      const wanted = commonSamples - LEAD_SAMPLES;
      while ((marks[1]?.position ?? Number.POSITIVE_INFINITY) <= wanted) marks.shift();
      const [first] = marks;
      const usable = first && first.position <= wanted ? first : undefined;
      return {
        offset: usable?.offset ?? from.offset,
        muted: usable?.muted ?? from.muted,
        // Words that are being told now are said, though their sound is settled a moment later.
        doneSamples: Math.max(from.doneSamples, saidSamples, Math.round(track.doneSamples)),
      };
    },
    [Symbol.dispose]() {
      session[Symbol.dispose]();
      sound[Symbol.dispose]();
    },
  };
  return track;
}
