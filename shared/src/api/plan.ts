import { z } from "zod";
import { SuggestionState } from "../plan/suggestion.ts";
import { Text } from "../text.ts";
import { Template } from "../plan/template.ts";
import { contract, done, nothing } from "./contract.ts";

/** Templates that a new interview can be given. */
export const listTemplates = contract({
  method: "GET",
  path: "/v1/templates",
  body: nothing,
  reply: z.object({ templates: z.array(Template) }),
});

const seat = "/v1/call/:interviewId/:role";

/** Everybody in the call but the candidate: a planned question was asked, or was not. Stands over what was heard. */
export const tickQuestion = contract({
  method: "POST",
  path: `${seat}/plan/tick`,
  body: z.strictObject({ question: z.int().min(0).max(39), asked: z.boolean() }),
  reply: done,
});

/** Everybody in the call but the candidate: asked, dismissed, pinned, or open again; shared by all. */
export const markSuggestion = contract({
  method: "POST",
  path: `${seat}/suggestions/mark`,
  body: z.strictObject({ suggestionId: Text.min(1, "is needed").max(120), state: SuggestionState }),
  reply: done,
});
