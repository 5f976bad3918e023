import { limitedTerms } from "../limited-terms.ts";

/** Deepgram takes 100 terms of 500 tokens in all; a stream that asks for more is refused as a whole. */
const TERMS = { terms: 100, bytes: 500 } as const;

/** As a parameter of a stream; without terms there is none, for an empty one is refused. */
export const keyTermsOf = (terms: readonly string[]): { keyterm?: string[] } =>
  terms.length > 0 ? { keyterm: limitedTerms(terms, TERMS) } : {};
