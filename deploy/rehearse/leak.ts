import type { Review } from "@verbatim/shared/api/interviews";
import { VOICE_RATE, type Voice } from "./microphone.ts";
import { lagMs, type Placed } from "./place-voices.ts";
import type { Span } from "./placement.ts";
import type { Speaker } from "./report.ts";

/** From one person's microphone through the call and the other's loudspeaker back into a microphone. */
const LEAK_LATE_MS = 150;
/** How far from somebody's sound their own word may stand: engines place words within 34 ms (p95), and sounds fade. */
const BESIDE_MS = 250;

/** What somebody's microphone hears who has the other on a loudspeaker: their own voice, and the other's later and `db` louder (below 0). */
export function withLeak(own: Voice, other: Voice, db: number): Voice {
  const late = (LEAK_LATE_MS * VOICE_RATE) / 1_000;
  const level = 10 ** (db / 20);
  const length = Math.max(own.pcm.length / 2, other.pcm.length / 2 + late);
  const pcm = Buffer.alloc(2 * length);
  own.pcm.copy(pcm);
  for (let n = 0; n < other.pcm.length / 2; n++) {
    const sum = pcm.readInt16LE(2 * (n + late)) + Math.round(other.pcm.readInt16LE(2 * n) * level);
    pcm.writeInt16LE(Math.max(-32_768, Math.min(32_767, sum)), 2 * (n + late));
  }
  return { pcm, seconds: length / VOICE_RATE };
}

/** leak.json. Times are ms on the recording's clock. */
export type LeakReport = {
  readonly db: number;
  readonly words: number;
  /** Words under a speaker who was not speaking then. */
  readonly wrong: readonly { readonly speaker: Speaker; readonly text: string; readonly startMs: number }[];
};

/**
 * Counts the transcript's words, and names those whose middle lies where their speaker made no sound. `spoken` are each
 * speaker's own sounds, counted from the voices' begin, which is at `speechStartMs`.
 */
export function leakReport(of: {
  readonly db: number;
  readonly segments: readonly Pick<Review["segments"][number], "role" | "words">[];
  readonly spoken: Readonly<Record<Speaker, readonly Span[]>>;
  readonly placed: readonly Placed[];
  readonly speechStartMs: number;
}): LeakReport {
  const words = of.segments.flatMap(({ role, words: said }) =>
    role === "interviewer" || role === "candidate" ? said.map((word) => ({ speaker: role, ...word })) : [],
  );
  const wrong = words.filter(({ speaker, startMs, endMs }) => {
    const middleMs = (startMs + endMs) / 2;
    const saidMs = middleMs - of.speechStartMs - (lagMs(of.placed, speaker, middleMs) ?? 0);
    return !of.spoken[speaker].some((span) => saidMs >= span.startMs - BESIDE_MS && saidMs <= span.endMs + BESIDE_MS);
  });
  return {
    db: of.db,
    words: words.length,
    wrong: wrong.map(({ speaker, text, startMs }) => ({ speaker, text, startMs })),
  };
}
