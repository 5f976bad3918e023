/** The drivers' own waits, half a minute, are too short on a machine where whoever speaks goes first. */
export const PATIENCE_MS = 90_000;
