import { SAMPLE_RATE } from "../clock.ts";

/** Chunk length once the recording is under way. */
const CHUNK_SAMPLES = 30 * SAMPLE_RATE;

/** At Stop somebody waits for the master: packets on their way are waited for this long. Later ones were said after it. */
export const STOP_WAIT_MS = 300;

/** Short first chunks, because most losses happen at the start. */
const FIRST_CUTS = [2, 5, 10, 30].map((seconds) => seconds * SAMPLE_RATE);

/** The first cut strictly after a position, on the recording's clock: 2, 5, 10, 30 s, then every 30 s. */
export function nextCut(position: number): number {
  return FIRST_CUTS.find((cut) => cut > position) ?? (Math.floor(position / CHUNK_SAMPLES) + 1) * CHUNK_SAMPLES;
}
