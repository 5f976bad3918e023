/**
 * What the remaining time is good for: whole minutes to the planned end, and for each question that is left. Undefined when
 * nothing is left to ask. Times are UTC ms.
 */
export function remaining(
  endMs: number,
  nowMs: number,
  questionsLeft: number,
): { readonly minutes: number; readonly each: number } | undefined {
  if (questionsLeft <= 0) return undefined;
  const minutes = Math.max(0, Math.floor((endMs - nowMs) / 60_000));
  return { minutes, each: Math.max(1, Math.floor(minutes / questionsLeft)) };
}
