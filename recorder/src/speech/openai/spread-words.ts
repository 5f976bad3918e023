import type { EngineWord } from "../engine.ts";
import { spreadOver } from "../spread-over.ts";
import type { Turn } from "./take-turns.ts";

/** Said of a word whose certainty the service does not tell: neither sure nor doubted. */
const UNKNOWN = 0.5;
const MAX_WORD = 200;

/** A token of the text and how likely it was, as far as the service tells. */
export type Likely = { readonly token: string; readonly logprob: number };

/**
 * A turn's text as words with times. OpenAI tells none, so they are spread by their characters over those parts of the
 * turn that hold a voice: a word lies in its turn, in order and never in a pause that was heard as one, yet may stand
 * beside where it was said. Measured on synthetic speech against PocketSphinx's own times, for
 * the same words of the same turns: begins differ by 68 ms at p50, 210 ms at p95, 383 ms at most (710 words, 77 turns).
 * People speak less evenly.
 */
export function spreadWords(text: string, { fromS, toS, voiced }: Turn, likely: readonly Likely[] = []): EngineWord[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const places = spreadOver(words, voiced.length > 0 ? voiced : [{ fromS, toS }]);
  const sure = certainties(likely);
  return words.map((word, n) => ({
    text: word.slice(0, MAX_WORD),
    startS: places[n]?.fromS ?? fromS,
    endS: places[n]?.toS ?? fromS,
    confidence: sure[n] ?? UNKNOWN,
  }));
}

/** Per word, the least likely of its tokens: a word is as sure as its weakest part. */
function certainties(likely: readonly Likely[]): number[] {
  const sure: number[] = [];
  let inWord = false;
  for (const { token, logprob } of likely) {
    const chance = Math.min(1, Math.exp(logprob));
    for (const [n, part] of token.split(/\s+/).entries()) {
      if (n > 0) inWord = false;
      if (part === "") continue;
      if (inWord) sure[sure.length - 1] = Math.min(sure.at(-1) ?? 1, chance);
      else sure.push(chance);
      inWord = true;
    }
  }
  return sure;
}
