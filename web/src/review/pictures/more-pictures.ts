import type { ReviewOf } from "../review-section.tsx";

/** Pictures are stored behind the sound; after a minute what comes still is rare enough for a reload. */
const BEHIND_MS = 60_000;

/** Whether more pictures of a recording that ended just now may come. */
export const morePictures = (
  { startedAt, durationMs }: Pick<ReviewOf, "startedAt" | "durationMs">,
  nowMs: number,
): boolean => startedAt !== null && nowMs < Date.parse(startedAt) + durationMs + BEHIND_MS;
