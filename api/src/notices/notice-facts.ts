import type { SpeechEngineName } from "@verbatim/shared/speech/service";

/** What a notice is about. Its sentences are functions of these, so that it says what is so. */
export type NoticeFacts = {
  readonly organisation: string;
  readonly host: string;
  /** Empty when nobody gave one. */
  readonly contact: string;
  readonly keptMonths: number;
  readonly engine: SpeechEngineName;
  /** Whom what was said is sent to for follow-up questions: OpenAI, a service of the organisation's choice, or nobody. */
  readonly suggestions: SuggestionService | "none";
  readonly recorded: Recorded;
};

export type SuggestionService = "openai" | "other";

/** What is kept beside the sound of everyone who speaks. */
export type Recorded = { readonly picture: boolean; readonly chat: boolean };

/** One language's sentences. */
export type NoticeTexts = {
  /** What is recorded, and which AI is used: never to be edited, since settings decide it. */
  readonly recorded: (facts: NoticeFacts) => string;
  readonly ai: (facts: NoticeFacts) => string;
  readonly suggestions: (service: SuggestionService) => string;
  /** Who is responsible and whom to ask, who watches, what it is for, how long it is kept: facts, which no wording may leave out. */
  readonly terms: (facts: NoticeFacts) => readonly string[];
  /** The rest, which an organisation may say in its own words. */
  readonly rest: readonly string[];
};

/** Whom to ask: `Anna Host, anna@example.org`. */
export const contactOf = ({ host, contact }: NoticeFacts): string =>
  [host, contact].filter((part) => part !== "").join(", ");
