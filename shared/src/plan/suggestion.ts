import { z } from "zod";

/** Words that the candidate said: words [from, to) of one segment. */
export const Quote = z.object({ segmentId: z.string(), from: z.int().min(0), to: z.int().min(1), text: z.string() });
export type Quote = z.infer<typeof Quote>;

/** A follow-up question as its maker gives it, checked. */
export const SuggestionDraft = z.object({
  text: z.string(),
  /** The name of a competency of the template, or empty. */
  competency: z.string(),
  quote: Quote.nullable(),
});
export type SuggestionDraft = z.infer<typeof SuggestionDraft>;

export const SuggestionState = z.enum(["open", "pinned", "asked", "dismissed"]);
export type SuggestionState = z.infer<typeof SuggestionState>;

/** One suggestion, shared by everybody but the candidate. */
export const Suggestion = SuggestionDraft.extend({
  id: z.string(),
  /** The end of the answer it was made for, on the recording's clock. */
  atMs: z.int(),
  part: z.int(),
  source: z.enum(["rules", "model"]),
  state: SuggestionState,
  /** Who set the state; empty while nobody has. */
  byName: z.string(),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** The most that one answer gives. */
export const MOST_SUGGESTIONS = 3;
