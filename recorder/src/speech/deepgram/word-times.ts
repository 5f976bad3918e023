import type { EngineWord } from "../engine.ts";
import { type Seconds, spreadOver } from "../spread-over.ts";
import type { TurnInfo } from "./turn-info.ts";

/** Longest word that we pass on; an engine that says more is not to be believed. */
const MAX_WORD = 200;
/** Times may lie so far beside the sound that a turn was made of. More, and they count from somewhere else. */
const BESIDE_S = 0.5;

type Part = { readonly text: string; readonly confidence: number; readonly at: Seconds | undefined };

/**
 * A turn's words with times. What is told of a word is taken; a word without lies, by its share of the letters, on the
 * voice between its neighbours, or on that of the turn: in order and in no pause, and yet it may stand beside where it
 * was said. Times of which one lies outside of the turn's own sound, or before the last one, are none of them believed.
 */
export function timesOfWords(
  heard: TurnInfo["words"],
  turn: Seconds & {
    /** Nobody spoke in it before this. */
    readonly spokenFromS: number;
    readonly voiceIn: (span: Seconds) => readonly Seconds[];
  },
): EngineWord[] {
  const parts = partsOf(heard);
  const believed = areTrue(parts, turn);
  const words: EngineWord[] = [];
  for (let n = 0; n < parts.length; ) {
    const at = believed ? parts[n]?.at : undefined;
    const next = parts.findIndex((part, i) => i > n && believed && part.at !== at);
    const run = parts.slice(n, next === -1 ? parts.length : next);
    n += run.length;
    const fromS = words.at(-1)?.endS ?? turn.spokenFromS;
    const span = at ?? { fromS, toS: Math.max(fromS, (believed ? parts[n]?.at?.fromS : undefined) ?? turn.toS) };
    const texts = run.map(({ text }) => text);
    const places = spreadOver(texts, at ? [at] : orWhole(turn.voiceIn(span), span));
    for (const [i, { text, confidence }] of run.entries()) {
      const place = places[i] ?? span;
      const startS = Math.max(place.fromS, words.at(-1)?.startS ?? place.fromS);
      words.push({ text, confidence, startS, endS: Math.max(startS, place.toS) });
    }
  }
  return words;
}

const orWhole = (voiced: readonly Seconds[], span: Seconds): readonly Seconds[] =>
  voiced.length > 0 ? voiced : [span];

/** Flux has been seen to tell two words as one, "I am": they share its times. */
function partsOf(heard: TurnInfo["words"]): Part[] {
  return heard.flatMap(({ word, confidence, start, end }) => {
    const at = start === undefined || end === undefined ? undefined : { fromS: start, toS: end };
    return word
      .split(/\s+/)
      .filter((text) => text !== "")
      .map((text) => ({ text: text.slice(0, MAX_WORD), confidence: Math.min(1, Math.max(0, confidence)), at }));
  });
}

function areTrue(parts: readonly Part[], turn: Seconds): boolean {
  let last = turn.fromS - BESIDE_S;
  for (const { at } of parts) {
    if (!at) continue;
    if (at.fromS < last || at.toS < at.fromS || at.toS > turn.toS + BESIDE_S) return false;
    last = at.fromS;
  }
  return true;
}
