import type { Said } from "@verbatim/shared/plan/said";
import { MOST_SUGGESTIONS, type SuggestionDraft } from "@verbatim/shared/plan/suggestion";
import type { Template } from "@verbatim/shared/plan/template";
import { asksCandidate } from "./asks-candidate.ts";
import { findQuote } from "./find-quote.ts";
import type { ModelAnswer } from "./model-answer.ts";
import { inPrompt } from "./prompt.ts";

/** Of what a model answered, what may be shown: questions to the candidate, each with words that the candidate did say. */
export function checkedDrafts(template: Template, said: readonly Said[], answer: ModelAnswer): SuggestionDraft[] {
  // To look through 12 000 words took 65 to 150 ms, in which nothing else is sent.
  const given = inPrompt(said);
  const names = new Set(template.competencies.map(({ name }) => name));
  const seen = new Set<string>();
  const drafts = answer.suggestions.flatMap(({ text: written, competency, quote: wanted }): SuggestionDraft[] => {
    const text = written.trim();
    const quote = findQuote(given, wanted);
    if (!quote || seen.has(text) || !asksCandidate(text, given)) return [];
    seen.add(text);
    return [{ text, competency: names.has(competency) ? competency : "", quote }];
  });
  return drafts.slice(0, MOST_SUGGESTIONS);
}
