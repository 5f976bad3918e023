import type { Cast } from "./cast.ts";
import type { ModelServer } from "./model-server.ts";
import type { NetworkCut } from "./network-cut.ts";
import type { Saw } from "./saw.ts";
import type { Target } from "./target.ts";

/** What faults are done to. */
export type Scene = {
  readonly target: Target;
  readonly cast: Cast;
  readonly cut: NetworkCut | undefined;
  /** A rehearsal's own language model, where that is to be taken away. */
  readonly model: ModelServer | undefined;
  /** What stood on the pages of those whose browsers a fault closed, by name. */
  readonly closed: Map<string, Saw>;
  readonly signal: AbortSignal;
};

/** What became of one fault. `recoveredMs` is null where nothing was to recover, or did not. */
export type FaultOutcome = { readonly recoveredMs: number | null; readonly note: string; readonly takeoverMs?: number };

/** How long a fault's healing is waited for. */
export const HEALED_WITHIN_MS = 120_000;
