import { dayKey } from "../clock/format.ts";

/** What is worth saying of the planned time: that it was moved, that it is another day, or nothing. */
export function plannedNote(
  of: { readonly startsAt: string; readonly movedFrom: string | null; readonly durationMinutes: number },
  nowMs: number,
  zone: string,
): "moved" | "early" | "past" | "none" {
  const startsMs = Date.parse(of.startsAt);
  if (of.movedFrom !== null) return "moved";
  if (dayKey(startsMs, zone) === dayKey(nowMs, zone)) return "none";
  // Just before and after midnight another date is not another day.
  if (nowMs < startsMs - NEAR_MS) return "early";
  return nowMs > startsMs + of.durationMinutes * 60_000 + NEAR_MS ? "past" : "none";
}

const NEAR_MS = 2 * 3_600_000;
