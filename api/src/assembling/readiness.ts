import type { MeasuredRun } from "../control/recording-view.ts";

/** The media server answers within milliseconds; after this the end is taken from what the runs hold. */
const STAMP_WAIT_MS = 10_000;
/** A run appears within a second of Start; after this there will be none. */
const RUN_WAIT_MS = 20_000;

export type Readiness =
  | { readonly type: "wait" }
  /** Everything that will come has come, or its recorder is dead. */
  | { readonly type: "ready"; readonly endSamples: number }
  | { readonly type: "nothing"; readonly why: string };

/** Whether a stopped recording can be assembled now. Runs that are alive are waited for, for as long as it takes. */
export function readiness(of: {
  /** Where Stop lies, once the media server has said it. */
  readonly endSamples: number | undefined;
  readonly runs: readonly (MeasuredRun & { readonly movedAgoMs: number })[];
  readonly chunks: number;
  readonly sinceStopMs: number;
}): Readiness {
  if (of.runs.length === 0 && of.chunks === 0) {
    return of.sinceStopMs < RUN_WAIT_MS
      ? { type: "wait" }
      : { type: "nothing", why: "No recorder ever answered; nothing was recorded." };
  }
  if (of.endSamples === undefined && of.sinceStopMs < STAMP_WAIT_MS) return { type: "wait" };
  const held = Math.max(0, ...of.runs.map((run) => run.endSamples ?? run.durableSamples));
  const endSamples = of.endSamples ?? held;
  if (endSamples === 0) return { type: "nothing", why: "The recording was stopped before anything was recorded." };
  const done = of.runs.every((run) => delivered(run, endSamples));
  return done ? { type: "ready", endSamples } : { type: "wait" };
}

function delivered(run: MeasuredRun & { readonly movedAgoMs: number }, endSamples: number): boolean {
  if (run.storedSamples >= Math.min(endSamples, run.endSamples ?? endSamples)) return true;
  // Ended or not: nobody speaks for it any more. What it still holds comes late, as another revision.
  if (!run.alive && run.endSamples === null) return true;
  // Capture died before the end and its spool is all in the store, though ship goes on saying so.
  return run.movedAgoMs > STAMP_WAIT_MS && run.backlog === 0 && run.storedSamples >= run.durableSamples;
}
