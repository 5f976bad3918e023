/**
 * What a reader who scrolled back has before them: lines that stood there stay where they stood, and new ones come behind
 * them, even those that were said earlier. Two people's words overtake one another; they are put in order when the reader
 * is back at the end.
 */
export function keepOrder<Line extends { readonly id: string }>(
  shown: readonly Line[],
  now: readonly Line[],
): readonly Line[] {
  if (shown === now) return now;
  const byId = new Map(now.map((line) => [line.id, line]));
  const stayed = shown.flatMap(({ id }) => byId.get(id) ?? []);
  const before = new Set(stayed);
  return [...stayed, ...now.filter((line) => !before.has(line))];
}
