import { keptSpans, place, type Span } from "@verbatim/shared/recording/control";
import type { ControlRecord } from "@verbatim/shared/spool/format";
import type { HeardFrame } from "./track-sound.ts";

/** What may be transcribed, as the control states known so far say. */
export type Keeping = {
  readonly spans: readonly Span[];
  /** Positions from here on may still be decided either way: by an undone Stop, by a Resume. */
  readonly openFrom: number;
};

const FOREVER = Number.MAX_SAFE_INTEGER;

export function keepingOf(control: ControlRecord | undefined): Keeping {
  if (!control?.clock) return { spans: [], openFrom: 0 };
  const placed = place(control.clock, control.transitions);
  const last = placed.at(-1);
  const spans = keptSpans(placed, FOREVER);
  if (!last || last.to === "closed") return { spans, openFrom: FOREVER };
  if (last.to !== "stopped") return { spans, openFrom: last.at };
  // Everything from the first Stop of a row of them is what an undo would bring back.
  const kept = spans.at(-1)?.to ?? 0;
  return { spans, openFrom: Math.min(last.at, Math.max(kept, 0)) };
}

/**
 * Holds one track's frames until it is known whether they are kept. What lies in a kept span passes; what lies beyond
 * the last decision waits; the rest is dropped unheard.
 */
export function createHoldBack() {
  let held: HeardFrame[] = [];
  return {
    pass(frames: readonly HeardFrame[], keeping: Keeping): HeardFrame[] {
      const all = [...held, ...frames];
      held = [];
      const passed: HeardFrame[] = [];
      for (const frame of all) {
        const at = frame.startSamples;
        if (keeping.spans.some(({ from, to }) => at >= from && at < to)) passed.push(frame);
        else if (at >= keeping.openFrom) held.push(frame);
      }
      return passed;
    },
    /** The run is over: what still waits was never decided for. */
    drop(): void {
      held = [];
    },
    get first(): HeardFrame | undefined {
      return held[0];
    },
  };
}
