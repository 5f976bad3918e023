import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import type { RecordingClock } from "@verbatim/shared/clock";

/** On the recording's clock, ms; undefined when it counts from another boot than ours, as after a restart of the host. */
export function positionNow({ bootId: boot, startUs }: RecordingClock): number | undefined {
  const ms = Math.round((monotonicUs() - startUs) / 1000);
  return boot === bootId() && ms >= 0 ? ms : undefined;
}
