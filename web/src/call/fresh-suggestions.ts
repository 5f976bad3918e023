import type { Suggestion } from "@verbatim/shared/plan/suggestion";

/** Those that nobody has marked yet and this person has not had before their eyes. */
export const freshSuggestions = (
  list: readonly Pick<Suggestion, "id" | "state">[],
  seen: ReadonlySet<string>,
): readonly string[] => list.filter(({ id, state }) => state === "open" && !seen.has(id)).map(({ id }) => id);
