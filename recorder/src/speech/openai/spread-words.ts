import type { EngineWord } from "../engine.ts";
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
  const spans = voiced.length > 0 ? voiced : [{ fromS, toS }];
  const total = spans.reduce((sum, span) => sum + span.toS - span.fromS, 0);
  // One for the space, which is spoken too.
  const weights = words.map((word) => word.length + 1);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const sure = certainties(likely);
  let said = 0;
  return words.map((word, n) => {
    const startS = placeOf(spans, (said / whole) * total, "start");
    said += weights[n] ?? 0;
    const endS = placeOf(spans, (said / whole) * total, "end");
    return { text: word.slice(0, MAX_WORD), startS, endS: Math.max(startS, endS), confidence: sure[n] ?? UNKNOWN };
  });
}

/** The moment at which so many seconds of voice have passed. At an edge a word begins behind the pause and ends before it. */
function placeOf(spans: Turn["voiced"], voiceS: number, edge: "start" | "end"): number {
  let left = voiceS;
  for (const { fromS, toS } of spans) {
    const length = toS - fromS;
    if (edge === "start" ? left < length - 1e-9 : left <= length + 1e-9) return fromS + Math.max(0, left);
    left -= length;
  }
  return spans.at(-1)?.toS ?? 0;
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
