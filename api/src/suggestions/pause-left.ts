/** Somebody thinks for about a second between two sentences of one answer. */
const PAUSE_MS = 1_200;
/** Who went on speaking behind their last final words has unfinished ones on the page within this. */
const GOES_ON_MS = 600;
/** Words that are told later than this come late, and what was said behind them is on its way. */
const LATE_MS = 3_000;

/**
 * How much longer somebody must say nothing for what they said to be at its end, ms. `quietMs`: how long ago the last of
 * their final words had been said when they were told; undefined for unfinished words, behind which nobody knows of a silence.
 */
export function pauseLeftMs(quietMs: number | undefined): number {
  if (quietMs === undefined || quietMs > LATE_MS) return PAUSE_MS;
  return Math.max(GOES_ON_MS, PAUSE_MS - Math.max(0, quietMs));
}
