import { samplesToMs } from "@verbatim/shared/clock";
import type { Word } from "@verbatim/shared/events/protocol";
import type { Span } from "@verbatim/shared/recording/control";
import { both, total } from "../assemble/spans.ts";
import type { EngineWord } from "../speech/engine.ts";

/** Engines place a word's edges a little beside its sound; where silence ends, a word begins at the latest here. */
const SLACK_S = 0.06;

export type PlacedWord = Word & Span;

/**
 * Words of the stream's clock to words of the recording's. A word stands only where sound is held, is to be kept, and
 * may hold a voice; one that reaches over an edge is cut there, and of one that was torn apart by a gap the longer
 * part counts. Everything else the engine heard in silence, or in what must not be heard.
 */
export function placeWords(
  words: readonly EngineWord[],
  where: {
    readonly heldBehind: (startS: number, endS: number) => readonly (Span & { readonly voiced: boolean })[];
    readonly kept: readonly Span[];
    /** Everything before this was said already. */
    readonly after: number;
  },
): PlacedWord[] {
  const placed: PlacedWord[] = [];
  let last = where.after;
  for (const { text, startS, endS, confidence } of words) {
    const around = where.heldBehind(Math.max(0, startS - SLACK_S), endS + SLACK_S);
    const voiced = around.filter((span) => span.voiced);
    if (voiced.length === 0) continue;
    const held = where.heldBehind(startS, Math.max(endS, startS + 0.01));
    const kept = both(held, where.kept);
    // Beside a gap only that side counts on which there is a voice.
    const [longest] = both(kept, voiced).toSorted((a, b) => b.to - b.from - (a.to - a.from));
    // Most of a word must be there: half a word beyond Stop is a word beyond Stop.
    if (!longest || total(kept) * 2 < total(held)) continue;
    if ((longest.from + longest.to) / 2 < last) continue;
    const span = { from: Math.max(longest.from, Math.min(last, longest.to)), to: longest.to };
    last = span.to;
    placed.push({ text, startMs: samplesToMs(span.from), endMs: samplesToMs(span.to), confidence, ...span });
  }
  return placed;
}
