import type { SaidWord } from "@verbatim/shared/marks/corrected";

/** One word of the transcript, numbered through. */
export type PlacedWord = {
  readonly index: number;
  readonly segment: number;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Speech recognition was not sure of it. */
  readonly unsure: boolean;
};

/** Below this an engine is more likely wrong than right, as far as its figure can be believed. */
const SURE = 0.5;

/** All words in the order in which they are read: segments by start, words as spoken. */
export function placeWords(
  segments: readonly { readonly words: readonly (SaidWord & { readonly confidence: number })[] }[],
): PlacedWord[] {
  let index = 0;
  return segments.flatMap(({ words }, segment) =>
    words.map(({ text, startMs, endMs, confidence }) => ({
      index: index++,
      segment,
      text,
      startMs,
      endMs,
      unsure: confidence < SURE,
    })),
  );
}

/** Where a key leads from a word: along the words, to the passage before or after, to its ends or, with Ctrl, everything's. */
export function wordFrom(
  placed: readonly Pick<PlacedWord, "segment">[],
  from: number,
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
): number | undefined {
  const passage = placed[from]?.segment;
  if (passage === undefined) return undefined;
  const firstOf = (segment: number): number => placed.findIndex((word) => word.segment >= segment);
  const lastOf = (segment: number): number => placed.findLastIndex((word) => word.segment <= segment);
  const clamp = (index: number): number => Math.min(placed.length - 1, Math.max(0, index));
  switch (key) {
    case "ArrowLeft":
      return clamp(from - 1);
    case "ArrowRight":
      return clamp(from + 1);
    case "ArrowUp":
      return firstOf(placed[clamp(firstOf(passage) - 1)]?.segment ?? 0);
    case "ArrowDown":
      return clamp(lastOf(passage) + 1);
    case "Home":
      return ctrlKey ? 0 : firstOf(passage);
    case "End":
      return ctrlKey ? placed.length - 1 : lastOf(passage);
    default:
      return undefined;
  }
}

/** How long the last word stays marked after its end, so that the mark does not flicker between words. */
const LINGER_MS = 400;

/**
 * The word that is heard at a position: the last one begun, when it is still spoken or just was. `byStart` are the
 * words sorted by start. Two speakers at once: the later word.
 */
export function wordAt(byStart: readonly PlacedWord[], atMs: number): PlacedWord | undefined {
  let low = 0;
  let high = byStart.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((byStart[middle]?.startMs ?? Number.POSITIVE_INFINITY) <= atMs) low = middle + 1;
    else high = middle;
  }
  const word = byStart[low - 1];
  return word && atMs < word.endMs + LINGER_MS ? word : undefined;
}
