import { suggestByRules } from "@verbatim/shared/plan/by-rules";
import type { Said } from "@verbatim/shared/plan/said";
import type { SuggestionDraft } from "@verbatim/shared/plan/suggestion";
import type { Template } from "@verbatim/shared/plan/template";

/** The talk so far, for whoever makes follow-up questions. */
export type TalkSoFar = {
  readonly template: Template;
  readonly said: readonly Said[];
  /** Questions that count as asked. */
  readonly ticked: ReadonlySet<number>;
};

/** Makes up to three follow-up questions for the answer that was just given. */
export type SuggestionMaker = {
  readonly source: "rules" | "model";
  make(talk: TalkSoFar): Promise<readonly SuggestionDraft[]>;
};

/** From the template alone: what an installation without a model has. */
export const rulesMaker: SuggestionMaker = {
  source: "rules",
  make: ({ template, said, ticked }) => Promise.resolve(suggestByRules(template, said, ticked)),
};
