import type { InterviewId } from "@verbatim/shared/ids";
import { suggestByRules } from "@verbatim/shared/plan/by-rules";
import type { Said } from "@verbatim/shared/plan/said";
import type { Suggestion, SuggestionDraft } from "@verbatim/shared/plan/suggestion";
import type { Template } from "@verbatim/shared/plan/template";

/** What a model has cost an interview so far. */
export type ModelUse = {
  /** With the most that requests can cost of which nobody knows yet. */
  readonly tokens: number;
  /** The last answer it was asked about, by that answer's last segment; empty before the first. */
  readonly askedAbout: string;
  /** Whether its questions about that answer were shown. */
  readonly shown: boolean;
};

/** The talk so far, for whoever makes follow-up questions. */
export type TalkSoFar = {
  readonly interviewId: InterviewId;
  readonly template: Template;
  readonly said: readonly Said[];
  /** Questions that count as asked. */
  readonly ticked: ReadonlySet<number>;
  /** Undefined where nobody knows. */
  readonly minutesLeft: number | undefined;
  readonly use: ModelUse;
  /**
   * Counts the most that a request about the last answer can cost, before it is sent. False where another process asks
   * about this answer, or has used up the budget.
   */
  readonly reserve: (tokens: number, budgetTokens: number) => Promise<boolean>;
};

export type Made = {
  readonly source: Suggestion["source"];
  readonly drafts: readonly SuggestionDraft[];
  /** What a model was asked for this: tokens counted before, and those it used. Null where none was asked. */
  readonly request: { readonly reserved: number; readonly used: number } | null;
  /** How long a provider was waited for; 0 where none was asked. */
  readonly providerMs: number;
};

/**
 * Makes up to three follow-up questions for the answer that was just given; null where those that there are still stand.
 * The signal says that a later answer has begun: nobody waits any more.
 */
export type SuggestionMaker = {
  make(talk: TalkSoFar, signal: AbortSignal): Promise<Made | null>;
};

/** From the template alone: what an installation without a model has. */
export const rulesMaker: SuggestionMaker = {
  make: ({ template, said, ticked }) =>
    Promise.resolve({ source: "rules", drafts: suggestByRules(template, said, ticked), request: null, providerMs: 0 }),
};
