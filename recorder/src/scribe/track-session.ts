import { backoffMs } from "@verbatim/hands/backoff";
import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import type { EngineClose, EngineResult, EngineStream, SpeechEngine, Talk } from "../speech/engine.ts";
import { createBreaks } from "./breaks.ts";
import { createLeadIn } from "./lead-in.ts";
import { createSentAudio, type Frame, type SentAudio } from "./sent-audio.ts";

/**
 * How far we run ahead of what the engine has heard when there is more to send than time has passed; beyond it sound
 * goes at the pace of speech. An engine on a busy machine that is given everything at once says nothing for as long
 * as it takes, and is taken for dead.
 */
const AHEAD_S = 5;
/** Deepgram closes a stream that is silent for 10 s. */
const KEEP_ALIVE_MS = 4_000;
/** When sound stops coming (mute, pause, Stop, a lost connection), the words so far are asked for after this. */
const FINALIZE_MS = 500;
/**
 * An engine that owes results and says nothing for this long is gone, whatever its socket says. Twice as long each
 * time until it says something: it may only be slow, and to begin again would make it slower.
 */
const SILENT_ENGINE_MS = 20_000;
const MOST_PATIENCE = 8;
/** Without sound for this long the stream is given back; the next sound opens another. */
const IDLE_MS = 60_000;
/** What was refused is tried again now and then: somebody may have set it right at the provider, or a proxy was lost for a moment. */
const REFUSED_MS = { key: 60_000, request: 300_000 } as const;
/** More than a run reads ahead while all its tracks are refused. Only one that is refused alone lets go of more. */
const REFUSED_FRAMES = 300 * 50;
const BACKOFF = { firstMs: 250, maxMs: 5_000 };
/** Silence put in where a longer stretch is missing, so that words on both sides do not run together. */
const HOLE_SAMPLES = 0.3 * MIX_RATE;
/** Frames are joined when we are behind; live they go one by one. */
const JOINED_FRAMES = 10;

type Phase =
  | { readonly at: "idle" }
  | { readonly at: "open"; readonly stream: EngineStream; ready: boolean; ending: boolean }
  | { readonly at: "waiting"; readonly untilMs: number }
  | { readonly at: "refused"; readonly untilMs: number; readonly reason: string }
  | { readonly at: "done" };

export type SessionState =
  | { readonly state: "idle" | "on" | "done" }
  /** `reason` is what it said itself, a sentence for people. */
  | { readonly state: "connecting"; readonly sinceMs: number; readonly reason: string | undefined }
  /** Connected, and it has said nothing of what it was given since. */
  | { readonly state: "silent"; readonly sinceMs: number }
  | { readonly state: "refused"; readonly reason: string };

export type TrackSession = Disposable & {
  /** Sound to be heard, in order. */
  offer(frame: Frame): void;
  /** Drives everything; called every few ten milliseconds. */
  tick(): void;
  /** No more sound will be offered. */
  end(): void;
  readonly state: SessionState;
  /** Position of the first sound whose final words are not known yet. */
  readonly open: number | undefined;
  /** Sound waiting or unsettled, samples at 16 kHz. */
  readonly backlog: number;
  /** Every frame that is not settled yet, for final places that come late. */
  frames(): Frame[];
};

/**
 * One track's way to the engine: opens a stream when there is sound, opens another when it is lost and sends again
 * what had no final result yet. Nothing is dropped, whatever the engine does.
 */
export function createTrackSession(options: {
  readonly engine: SpeechEngine;
  readonly talk: Talk;
  readonly now: () => number;
  readonly random: () => number;
  readonly onResult: (result: EngineResult, sent: SentAudio) => void;
  readonly onReconnect: (detail: string) => void;
}): TrackSession {
  const { engine, talk, now, random } = options;
  const sent = createSentAudio();
  const leadIn = createLeadIn(engine.leadInS ?? 0);
  let queue: Frame[] = [];
  /** What the stream is to hear before the queue. */
  let lead: Frame[] = [];
  let phase: Phase = { at: "idle" };
  let ended = false;
  let failures = 0;
  let failingSinceMs: number | undefined;
  let failingReason: string | undefined;
  let owedSinceMs: number | undefined;
  let heardS = 0;
  let lastSentMs = 0;
  let lastHeardMs = 0;
  let asked = true;
  let lastEnd: number | undefined;
  let lastKeptMs = 0;
  let patience = 1;
  const breaks = createBreaks(now);

  const place = (): number => (sent.first() ?? queue[0])?.startSamples ?? 0;

  const again = (): void => {
    queue = [...sent.restart(), ...queue];
    lead = leadIn.frames();
    heardS = 0;
    owedSinceMs = undefined;
    lastEnd = undefined;
    asked = true;
  };

  const onClose = (close: EngineClose): void => {
    if (phase.at === "done") return;
    if (close.kind === "ended") {
      // It has said all about what it was given: nothing of it is owed any more.
      sent.settle(Number.POSITIVE_INFINITY);
      leadIn.clear();
      again();
      phase = ended && queue.length === 0 ? { at: "done" } : { at: "idle" };
      return;
    }
    const ending = phase.at === "open" && phase.ending;
    if (phase.at === "open" && phase.ready) {
      leadIn.lost();
      breaks.at(place());
    }
    if (ending && breaks.endAll) return onClose({ kind: "ended" });
    again();
    if (close.kind === "refused") {
      phase = { at: "refused", untilMs: now() + REFUSED_MS[close.what], reason: close.reason };
      // The next try is another one: until it is answered, or takes long, this refusal stands on the page.
      failingSinceMs = undefined;
      return;
    }
    failingSinceMs ??= now();
    failingReason = close.reason;
    options.onReconnect(close.detail);
    phase = { at: "waiting", untilMs: now() + backoffMs(failures++, BACKOFF, random) };
  };

  const open = (): void => {
    failingSinceMs ??= now();
    const opened: Phase = { at: "open", ready: false, ending: false, stream: openStream() };
    phase = opened;
  };

  const openStream = (): EngineStream =>
    engine.open(talk, {
      open: () => {
        if (phase.at !== "open") return;
        phase.ready = true;
        lastSentMs = now();
        lastHeardMs = now();
        failingSinceMs = undefined;
        failingReason = undefined;
      },
      result: (result) => {
        // Silence in front of what it cannot make out is no progress.
        if (result.words.length > 0) failures = 0;
        patience = 1;
        lastHeardMs = now();
        heardS = Math.max(heardS, result.endS);
        options.onResult(result, sent);
        if (result.isFinal) leadIn.keep(sent.settle(result.endS));
      },
      givesUp: () => breaks.leavesOut(place()),
      close: onClose,
    });

  /** Silence of our own where something is missing between two frames, so that the engine hears them apart. */
  const fill = (stream: EngineStream, next: Frame): void => {
    const hole = lastEnd === undefined ? 0 : ((next.startSamples - lastEnd) * MIX_RATE) / SAMPLE_RATE;
    if (hole < MIX_RATE / 100) return;
    const samples = Math.round(hole < 0.2 * MIX_RATE ? hole : HOLE_SAMPLES);
    sent.add(undefined, samples, now());
    stream.send(new Uint8Array(samples * 2));
  };

  /** For an engine that ends what is being said when it hears that nobody speaks: nothing may be found in it. */
  const hush = (stream: EngineStream): void => {
    const samples = Math.round((engine.silenceToEndS ?? 0) * MIX_RATE);
    if (samples === 0) return;
    sent.add(undefined, samples, now());
    stream.send(new Uint8Array(samples * 2));
  };

  const isCurrent = (stream: EngineStream): boolean => phase.at === "open" && phase.stream === stream;

  const pour = (stream: EngineStream): void => {
    const allowedS = heardS + AHEAD_S + (now() - lastHeardMs) / 1000;
    while (lead.length + queue.length > 0 && sent.samples / MIX_RATE < allowedS) {
      const known = lead.length > 0;
      const from = known ? lead : queue;
      const first = from[0];
      if (!first) return;
      fill(stream, first);
      if (!isCurrent(stream)) return;
      let count = 1;
      lastEnd = endOf(first);
      for (; count < Math.min(from.length, JOINED_FRAMES); count++) {
        const next = from[count];
        if (!next || Math.abs(next.startSamples - lastEnd) >= SAMPLE_RATE / 100) break;
        lastEnd = endOf(next);
      }
      const part = from.splice(0, count);
      for (const frame of part) sent.add(frame, frame.pcm.length, now(), known);
      lastSentMs = now();
      asked = false;
      // Noted before it is sent: a stream found to be gone in this very call asks for it again at once.
      stream.send(join(part));
      if (!isCurrent(stream)) return;
    }
  };

  const tick = (): void => {
    if (phase.at === "done") return;
    if (phase.at === "idle") {
      if (queue.length > 0) open();
      else if (ended) phase = { at: "done" };
      return;
    }
    if (phase.at === "waiting" || phase.at === "refused") {
      if (now() >= phase.untilMs) open();
      return;
    }
    const { stream } = phase;
    if (!phase.ready) return;
    if (!phase.ending) pour(stream);
    if (!isCurrent(stream)) return;
    const quietMs = now() - lastSentMs;
    const owes = sent.first() !== undefined;
    // What was sent after the last thing it answered about: from then on it owes.
    const unheardMs = phase.ending ? lastHeardMs : (sent.handedMs(heardS + 0.05) ?? now());
    owedSinceMs = owes || phase.ending ? Math.max(lastHeardMs, unheardMs) : undefined;
    if (owedSinceMs !== undefined && now() - owedSinceMs > SILENT_ENGINE_MS * patience) {
      patience = Math.min(MOST_PATIENCE, patience * 2);
      stream.drop();
      // It may only be slow: more to hear would make it slower.
      leadIn.clear();
      onClose(owes ? { kind: "lost", detail: "no results" } : { kind: "ended" });
      return;
    }
    if (phase.ending || queue.length > 0) return;
    const ends = ended || quietMs > IDLE_MS;
    if (!asked && (ends || quietMs > FINALIZE_MS)) {
      asked = true;
      hush(stream);
      if (!isCurrent(stream)) return;
      if (!ends) stream.finalize();
    }
    if (ends) {
      phase.ending = true;
      lastHeardMs = now();
      stream.end();
      return;
    }
    if (quietMs > KEEP_ALIVE_MS && now() - lastKeptMs > KEEP_ALIVE_MS) {
      lastKeptMs = now();
      stream.keepAlive();
    }
  };

  return {
    offer(frame) {
      queue.push(frame);
      if (phase.at === "refused" && queue.length > REFUSED_FRAMES) queue.shift();
    },
    tick,
    end() {
      ended = true;
    },
    get state(): SessionState {
      if (phase.at === "idle" || phase.at === "done") return { state: phase.at };
      if (phase.at === "refused") return { state: "refused", reason: phase.reason };
      if (phase.at !== "open" || !phase.ready) {
        return { state: "connecting", sinceMs: failingSinceMs ?? now(), reason: failingReason };
      }
      return owedSinceMs === undefined ? { state: "on" } : { state: "silent", sinceMs: owedSinceMs };
    },
    get open() {
      return (sent.first() ?? queue[0])?.startSamples;
    },
    get backlog() {
      return [...sent.frames(), ...queue].reduce((sum, { pcm }) => sum + pcm.length, 0);
    },
    frames: () => [...sent.frames(), ...queue],
    [Symbol.dispose]() {
      if (phase.at === "open") phase.stream.drop();
      phase = { at: "done" };
    },
  };
}

const endOf = (frame: Frame): number => frame.startSamples + (frame.pcm.length * SAMPLE_RATE) / MIX_RATE;

/** Little-endian bytes of some frames, as every machine we run on has them. */
function join(frames: readonly Frame[]): Uint8Array {
  return Buffer.concat(frames.map(({ pcm }) => new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)));
}
