import type { WhyMissing } from "@verbatim/shared/api/replay";
import { msToSamples } from "@verbatim/shared/clock";
import { keptSpans, type PlacedTransition, type Span } from "@verbatim/shared/recording/control";
import { nextCut } from "@verbatim/shared/recording/cuts";
import { type MeasuredRun, settled } from "../control/recording-view.ts";

/** Late packets are waited for 2 s after a cut; heartbeat, encoding and store take a second more, several on a busy machine. */
const STORED_AFTER_SAMPLES = msToSamples(4_000);
/** Overdue by more than this, nobody can say when it will come. */
const OVERDUE_SAMPLES = msToSamples(10_000);
/** Pages and we may disagree on the time by as much. */
const AHEAD_SAMPLES = msToSamples(5_000);

type MixChunk = { readonly startSamples: number; readonly endSamples: number };

/** Part of a file, up to its end or to what was not to be kept. */
type PieceOf<Chunk> = { readonly chunk: Chunk; readonly untilSamples: number };

export type SoundAt<Chunk> =
  | { readonly state: "stored"; readonly piece: PieceOf<Chunk>; readonly next: PieceOf<Chunk> | undefined }
  | { readonly state: "later"; readonly inSamples: number | undefined }
  | { readonly state: "missing"; readonly why: WhyMissing; readonly goesOnSamples: number | undefined };

type Run = Omit<MeasuredRun, "tracks">;

/**
 * What is stored of one recording's mix at a position. `chunks` are those that end after it, in any order and of any run;
 * `placed` is what was done to the recording, and `nowSamples` where its clock stands.
 */
export function soundAt<Chunk extends MixChunk>(of: {
  readonly atSamples: number;
  readonly nowSamples: number;
  readonly placed: readonly PlacedTransition[];
  readonly runs: readonly Run[];
  readonly chunks: readonly Chunk[];
}): SoundAt<Chunk> {
  const { atSamples: at, placed } = of;
  const kept = keptSpans(placed, Number.POSITIVE_INFINITY);
  const missing = (why: WhyMissing): SoundAt<Chunk> => ({
    state: "missing",
    why,
    goesOnSamples: firstHeld(at, kept, of.chunks),
  });

  const span = kept.find(({ from, to }) => from <= at && at < to);
  if (!span) {
    const paused = placed.at(-1)?.to === "paused" || kept.some(({ from }) => from > at);
    return missing(paused ? "paused" : "end");
  }
  const piece = pieceAt(at, span, of.chunks);
  if (piece) return { state: "stored", piece, next: pieceAt(piece.untilSamples, span, of.chunks) };

  const running = span.to === Number.POSITIVE_INFINITY;
  if (running && at > of.nowSamples + AHEAD_SAMPLES) return missing("end");
  const covering = of.runs.filter((run) => run.startSamples <= at && at < reach(run, of.runs));
  const coming = covering.find((run) => at >= run.storedSamples && !settled(run));
  if (coming) {
    // A run that is not heard of may lie on a disk that nobody reads at the moment.
    const heardOf = coming.alive || coming.endSamples !== null;
    return { state: "later", inSamples: heardOf ? dueIn(Math.min(nextCut(at), span.to), of.nowSamples) : undefined };
  }
  if (covering.length > 0) return missing("nobody");
  const wentOn = of.runs.some((run) => run.startSamples > at);
  return running && !wentOn ? { state: "later", inSamples: undefined } : missing("recorder");
}

/** Of files that hold a position, as of two recorders, the one that goes on longest. */
function pieceAt<Chunk extends MixChunk>(at: number, span: Span, chunks: readonly Chunk[]): PieceOf<Chunk> | undefined {
  if (at >= span.to) return undefined;
  const [chunk] = chunks
    .filter(({ startSamples, endSamples }) => startSamples <= at && at < endSamples)
    .toSorted((a, b) => b.endSamples - a.endSamples);
  return chunk && { chunk, untilSamples: Math.min(chunk.endSamples, span.to) };
}

/** The first position after this one that is to be kept and stored. */
function firstHeld(after: number, kept: readonly Span[], chunks: readonly MixChunk[]): number | undefined {
  const held = kept.flatMap(({ from, to }) =>
    chunks
      .map((chunk) => ({ start: Math.max(from, chunk.startSamples), end: Math.min(to, chunk.endSamples) }))
      .filter(({ start, end }) => start < end && start > after),
  );
  return held.length > 0 ? Math.min(...held.map(({ start }) => start)) : undefined;
}

/**
 * Up to where a run may hold sound. One that was killed ends where it was last durable, once another has begun or all of
 * that is stored: what it would have heard behind that, nobody knows.
 */
function reach(run: Run, runs: readonly Run[]): number {
  if (run.endSamples !== null) return run.endSamples;
  const followed = runs.some(({ startSamples }) => startSamples > run.startSamples);
  return settled(run) || (!run.alive && followed) ? run.durableSamples : Number.POSITIVE_INFINITY;
}

function dueIn(cut: number, now: number): number | undefined {
  const left = cut + STORED_AFTER_SAMPLES - now;
  if (left < -OVERDUE_SAMPLES) return undefined;
  return Math.max(left, msToSamples(1_000));
}
