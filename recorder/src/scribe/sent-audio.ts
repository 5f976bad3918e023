import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import type { Span } from "@verbatim/shared/recording/control";

const SCALE = SAMPLE_RATE / MIX_RATE;

/** One decoded packet on its way to the engine. */
export type Frame = {
  /** The packet's number in its track's timeline: its final place comes later under the same number. */
  readonly index: number;
  /** Position on the recording's clock. */
  startSamples: number;
  readonly pcm: Int16Array;
  readonly voiced: boolean;
};

type Sent = {
  readonly frame: Frame | undefined;
  readonly at: number;
  readonly length: number;
  readonly atMs: number;
  /** Settled before, and heard again for what follows it. */
  readonly known: boolean;
};

/**
 * What a stream was given since its last final result, and where each piece of it lies on the recording's clock. The
 * engine counts samples from the stream's start; we know for each what it is, silence of our own included.
 */
export function createSentAudio() {
  let sent: Sent[] = [];
  let clock = 0;
  let knownTo = 0;

  /** The first piece that ends behind this sample; a turn of some minutes is looked through several times a second. */
  const firstEndingAfter = (sample: number): number => {
    let [low, high] = [0, sent.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = sent[middle];
      if (piece && piece.at + piece.length <= sample) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    /** Samples that the stream was given so far. */
    get samples(): number {
      return clock;
    },
    /** On the recording's clock: words before this were told by a stream before this one. */
    get knownTo(): number {
      return knownTo;
    },
    /** `frame` undefined is silence that we put in, where nothing may be found. */
    add(frame: Frame | undefined, length: number, nowMs: number, known = false): void {
      sent.push({ frame, at: clock, length, atMs: nowMs, known });
      clock += length;
      if (known && frame) knownTo = Math.max(knownTo, frame.startSamples + length * SCALE);
    },
    /** When the audio up to this second of the stream had been handed over, ms; undefined when it is forgotten. */
    handedMs(second: number): number | undefined {
      const sample = second * MIX_RATE;
      return sent.find(({ at, length }) => at + length >= sample)?.atMs;
    },
    /** The held spans that lie behind [startS, endS) of the stream, in order, neighbours joined. */
    heldBehind(startS: number, endS: number): (Span & { readonly voiced: boolean })[] {
      const [from, to] = [startS * MIX_RATE, endS * MIX_RATE];
      const spans: { from: number; to: number; voiced: boolean }[] = [];
      for (let n = firstEndingAfter(from); n < sent.length; n++) {
        const piece = sent[n];
        if (!piece || piece.at >= to) break;
        const { frame, at, length } = piece;
        if (!frame) continue;
        const start = frame.startSamples + Math.round(Math.max(0, from - at) * SCALE);
        const end = frame.startSamples + Math.round(Math.min(length, to - at) * SCALE);
        const last = spans.at(-1);
        // Places are estimates that move a little from packet to packet; 10 ms between two is no hole.
        if (last && Math.abs(start - last.to) <= SAMPLE_RATE / 100) {
          last.to = Math.max(last.to, end);
          last.voiced ||= frame.voiced;
        } else spans.push({ from: start, to: end, voiced: frame.voiced });
      }
      return spans;
    },
    /** Frames given since the last final. */
    frames: (): Frame[] => owed(sent),
    /** The first of them. */
    first: (): Frame | undefined => sent.find(({ frame, known }) => frame && !known)?.frame,
    /** A final result covers everything up to this second: it need never be sent again. Answers the forgotten frames. */
    settle(second: number): Frame[] {
      const sample = Math.round(second * MIX_RATE);
      const keep = sent.findIndex(({ at, length }) => at + length > sample + MIX_RATE / 100);
      const gone = sent.splice(0, keep === -1 ? sent.length : keep);
      return owed(gone);
    },
    /** A new stream begins at 0; what was not settled must be sent to it again. */
    restart(): Frame[] {
      const frames = owed(sent);
      sent = [];
      clock = 0;
      knownTo = 0;
      return frames;
    },
  };
}

const owed = (sent: readonly Sent[]): Frame[] => sent.flatMap(({ frame, known }) => (frame && !known ? [frame] : []));

export type SentAudio = ReturnType<typeof createSentAudio>;
