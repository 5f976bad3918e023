import { type Said, wordsIn } from "@verbatim/shared/plan/said";
import type { Quote } from "@verbatim/shared/plan/suggestion";

/** A quote is a few words to play, not the answer again. */
const MOST_WORDS = 40;

/** A word as it sounds: without case and signs. Empty for one of signs alone. */
export const bare = (word: string): string =>
  word
    .normalize("NFKC")
    // Twice, for letters that have two small forms: "ß" and "ss", both Greek sigmas.
    .toUpperCase()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, "");

/**
 * Where the candidate said exactly these words, one after another in one segment, the newest place first. The quote that
 * comes back is as transcribed. Undefined where nobody of the candidates said them.
 */
export function findQuote(said: readonly Said[], wanted: string): Quote | undefined {
  const sought = wordsIn(wanted).map(bare).filter(Boolean);
  if (sought.length === 0 || sought.length > MOST_WORDS) return undefined;
  for (const { candidate, segmentId, text } of said.toReversed()) {
    if (!candidate) continue;
    const words = wordsIn(text);
    // A dash or dots by themselves are a "word" to the transcript and none to whoever quotes it.
    const sounding = words.flatMap((word, at) => (bare(word) === "" ? [] : [{ at, bare: bare(word) }]));
    const start = sounding.findIndex((_, n) => sought.every((word, k) => sounding[n + k]?.bare === word));
    const [first, last] = [sounding[start], sounding[start + sought.length - 1]];
    if (start < 0 || !first || !last) continue;
    return { segmentId, from: first.at, to: last.at + 1, text: words.slice(first.at, last.at + 1).join(" ") };
  }
  return undefined;
}
