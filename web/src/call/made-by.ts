import type { Suggestion } from "@verbatim/shared/plan/suggestion";

/** What made the suggestions that stand in a list: one of both, so that it is said once, or both, so that each says it. */
export function madeBy(list: readonly Pick<Suggestion, "source">[]): Suggestion["source"] | "both" {
  const model = list.some(({ source }) => source === "model");
  return model && list.some(({ source }) => source === "rules") ? "both" : model ? "model" : "rules";
}
