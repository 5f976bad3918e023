import type { Act } from "./act.ts";
import type { Marks } from "./marks.ts";

/** Who acts: `corrects` are people with an account, and hosts; others by a link only annotate. */
export type Actor = { readonly author: string; readonly corrects: boolean };

/** What is in an act's way: `missing` is about something that is not there, `not_theirs` is for staff. */
export function hindrance(act: Act, { author, corrects }: Actor, marks: Marks): "missing" | "not_theirs" | undefined {
  switch (act.do) {
    case "annotate":
      return undefined;
    case "correct":
    case "speaker":
      return corrects ? undefined : "not_theirs";
    case "undo":
      if (!corrects) return "not_theirs";
      return marks.corrections.has(act.correction) ? undefined : "missing";
    case "remove": {
      const found =
        marks.annotations.get(act.target) ??
        [...marks.annotations.values()].flatMap(({ comments }) => comments).find(({ id }) => id === act.target);
      if (!found) return "missing";
      return corrects || found.by.author === author ? undefined : "not_theirs";
    }
    default:
      return marks.annotations.has(act.annotation) ? undefined : "missing";
  }
}

/** The words an act is about; none where it is about another act. */
export const spansOf = (act: Act): readonly { readonly segmentId: string; readonly to: number }[] => {
  if (act.do === "annotate") return act.spans;
  if (act.do === "correct") return [act.span];
  return act.do === "speaker" ? [{ segmentId: act.segmentId, to: 1 }] : [];
};
