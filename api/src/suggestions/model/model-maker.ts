import type { Log } from "@verbatim/hands/log";
import { answersOf } from "@verbatim/shared/plan/said";
import { type Made, rulesMaker, type SuggestionMaker } from "../suggestion-maker.ts";
import { checkedDrafts } from "./checked-drafts.ts";
import { type Model, MOST_ANSWER_TOKENS } from "./openai-model.ts";
import { mostTokens, promptFor } from "./prompt.ts";

/** "Yes, sure" is no answer to ask further about: the questions about the one before stay. */
const LEAST_WORDS = 3;

/**
 * Asks a model once per answer, within the interview's budget; where that fails or gives nothing that may be shown, the
 * rules make what is missing. What a request used that nobody told counts as the most that it can have been.
 */
export function modelMaker(deps: {
  readonly model: Model;
  readonly budgetTokens: number;
  readonly log: Log;
}): SuggestionMaker {
  return {
    async make(talk, signal) {
      const { interviewId, template, said, use } = talk;
      const byRules = async (reason: string, tokens: number | null, providerMs = 0): Promise<Made | null> => {
        if (!signal.aborted) deps.log.warn("suggestions.by_rules", { interviewId, reason });
        const made = await rulesMaker.make(talk, signal);
        return made && { ...made, tokens, providerMs };
      };

      const answer = answersOf(said).at(-1);
      if (use.shown && answer && answer.words < LEAST_WORDS) return null;
      const about = answer?.segments.at(-1)?.segmentId;
      if (about === use.askedAbout) return use.shown ? null : rulesMaker.make(talk, signal);
      const prompt = promptFor(talk);
      const most = mostTokens(prompt, MOST_ANSWER_TOKENS);
      if (use.tokens + most > deps.budgetTokens) return byRules("budget", null);
      const askedMs = performance.now();
      const reply = await deps.model.ask(prompt, signal);
      const providerMs = Math.round(performance.now() - askedMs);
      const tokens = reply.tokens ?? most;
      if (reply.kind === "failed") return byRules(reply.reason, tokens, providerMs);
      const drafts = checkedDrafts(template, said, reply.answer);
      return drafts.length === 0
        ? byRules("nothing usable", tokens, providerMs)
        : { source: "model", drafts, tokens, providerMs };
    },
  };
}
