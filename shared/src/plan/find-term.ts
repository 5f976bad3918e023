import { stem, wordsIn } from "./said.ts";

/** One word as it is compared; `at` is its place among the words of the text. */
export type Heard = { readonly at: number; readonly stem: string };

/** A hyphen parts words: engines write it and people leave it out. */
export const heardIn = (text: string): Heard[] =>
  wordsIn(text).flatMap((word, at) =>
    word
      .split("-")
      .map((part) => ({ at, stem: stem(part) }))
      .filter((each) => each.stem !== ""),
  );

/** The last place where a key term was said, all its words one after another, in any form: words [from, to). */
export function findTerm(heard: readonly Heard[], term: string): { from: number; to: number } | undefined {
  const sought = heardIn(term);
  if (sought.length === 0) return undefined;
  const start = heard.findLastIndex((_, n) => sought.every((each, k) => heard[n + k]?.stem === each.stem));
  const [first, last] = [heard[start], heard[start + sought.length - 1]];
  return first && last && { from: first.at, to: last.at + 1 };
}
