import type { Log } from "@verbatim/hands/log";
import { type Answer, answersOf, wordsIn } from "@verbatim/shared/plan/said";
import { type Made, rulesMaker, type SuggestionMaker } from "../suggestion-maker.ts";
import { checkedDrafts } from "./checked-drafts.ts";
import { type Model, MOST_ANSWER_TOKENS } from "./openai-model.ts";
import { mostTokens, promptFor } from "./prompt.ts";

/** "Yes, sure" is no answer to ask further about: the questions about the one before stay. */
const LEAST_WORDS = 3;
/** Who goes on after a pause with fewer words than these has not given another answer to ask about. */
const MORE_WORDS = 8;

/**
 * Asks a model once per answer, and again when the answer went on, within the interview's budget; where that fails or
 * gives nothing that may be shown, the rules make what is missing. What a request used that nobody told counts as the
 * most that it can have been.
 */
export function modelMaker(deps: {
  readonly model: Model;
  readonly budgetTokens: number;
  readonly log: Log;
}): SuggestionMaker {
  return {
    async make(talk, signal) {
      const { interviewId, template, said, use } = talk;
      const byRules = async (reason: string, request: Made["request"], providerMs = 0): Promise<Made | null> => {
        if (!signal.aborted) deps.log.warn("suggestions.by_rules", { interviewId, reason });
        const made = await rulesMaker.make(talk, signal);
        return made && { ...made, request, providerMs };
      };

      const answer = answersOf(said).at(-1);
      if (use.shown && answer && answer.words < LEAST_WORDS) return null;
      if (answer && wordsSince(answer, use.askedAbout) < MORE_WORDS) {
        return use.shown ? null : rulesMaker.make(talk, signal);
      }
      const prompt = promptFor(talk);
      const reserved = mostTokens(prompt, MOST_ANSWER_TOKENS);
      if (use.tokens + reserved > deps.budgetTokens) return byRules("budget", null);
      // Another process asks: what it is answered will stand there.
      if (!(await talk.reserve(reserved, deps.budgetTokens))) return null;
      const askedMs = performance.now();
      const reply = await deps.model.ask(prompt, signal);
      const providerMs = Math.round(performance.now() - askedMs);
      const request = { reserved, used: reply.tokens ?? reserved };
      if (reply.kind === "failed") return byRules(reply.reason, request, providerMs);
      const drafts = checkedDrafts(template, said, reply.answer);
      return drafts.length === 0
        ? byRules("nothing usable", request, providerMs)
        : { source: "model", drafts, request, providerMs };
    },
  };
}

/** How many words the answer has after this segment of it; infinite where it has no such one. */
function wordsSince({ segments }: Answer, segmentId: string): number {
  const at = segments.findIndex((each) => each.segmentId === segmentId);
  return at < 0 ? Infinity : segments.slice(at + 1).reduce((sum, { text }) => sum + wordsIn(text).length, 0);
}
