/**
 * Cores that one call takes of all processes together. Measured: a whole installation with one call and two observers took
 * 0.20, with cameras and without (85 s and 120 s). Most of that is there without a call: this errs to the careful side.
 */
const CORES_PER_CALL = 0.2;
/** Measured in the same call of two voices that take turns: 0.12. Two who talk at once need more. */
const CORES_OF_OFFLINE_SPEECH = 0.2;
/** Part of the machine that calls may take: the rest is for whoever joins, for assembling, and for bad luck. */
const SHARE = 0.7;

/** How many calls at the same time this machine carries, unless the operator says so. At least one. */
export function mostCalls(machine: {
  readonly configured: number | undefined;
  readonly cores: number;
  readonly offlineSpeech: boolean;
}): number {
  if (machine.configured !== undefined) return machine.configured;
  const each = CORES_PER_CALL + (machine.offlineSpeech ? CORES_OF_OFFLINE_SPEECH : 0);
  return Math.max(1, Math.floor((machine.cores * SHARE) / each + 1e-9));
}
