/**
 * What the remaining time is good for: whole minutes to the planned end, how many of the questions that are left it is
 * enough for, and the minutes for each of those. Undefined when nothing is left to ask. Times are UTC ms.
 */
export function remaining(
  endMs: number,
  nowMs: number,
  questionsLeft: number,
): { readonly minutes: number; readonly questions: number; readonly each: number } | undefined {
  if (questionsLeft <= 0) return undefined;
  const minutes = Math.max(0, Math.floor((endMs - nowMs) / 60_000));
  const questions = Math.min(questionsLeft, minutes);
  return { minutes, questions, each: Math.floor(minutes / Math.max(1, questions)) };
}
