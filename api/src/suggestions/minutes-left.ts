import type { RecordingClock } from "@verbatim/shared/clock";

/**
 * Whole minutes that are left of a plan's when the talk, which began at `begunAtMs` (UTC), has come to `atMs` on the clock
 * of its present part. What lay between the parts has passed, too. Undefined where no clock is known.
 */
export function minutesLeft(
  minutes: number,
  begunAtMs: number | null,
  clock: RecordingClock | null,
  atMs: number,
): number | undefined {
  if (begunAtMs === null || clock === null) return undefined;
  return Math.max(0, Math.round(minutes - (clock.startUtcMs + atMs - begunAtMs) / 60_000));
}
