import { standsFor } from "./align.ts";
import type { Correction, Marks } from "./marks.ts";

export type SaidWord = { readonly text: string; readonly startMs: number; readonly endMs: number };

/** A word as it is shown: it stands for words [from, to) of the original, and lasts as long as they. */
export type ShownWord = SaidWord & { readonly from: number; readonly to: number; readonly correction?: Correction };

/** What was corrected in each segment, and stands, in the server's order. */
export function correctionsBySegment(marks: Marks): ReadonlyMap<string, readonly Correction[]> {
  const standing = [...marks.corrections.values()].filter(({ span, undone }) => span && !undone);
  return Map.groupBy(standing, ({ span }) => span?.segmentId ?? "");
}

/** Who said a segment, after what was corrected in it. */
export const speakerAfter = (seatId: string, corrections: readonly Correction[] = []): string =>
  corrections.reduce((speaker, { change }) => ("seatId" in change ? change.seatId : speaker), seatId);

export const wordsIn = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/**
 * A segment's words with its corrections. Each original word is owned by the last correction over it; a correction's
 * words are spread over the original ones they stand for, so that what a later one does not cover stays.
 */
export function correctedWords(said: readonly SaidWord[], corrections: readonly Correction[] = []): ShownWord[] {
  type Place = { texts: readonly string[]; correction?: Correction };
  const places: Place[] = said.map(({ text }) => ({ texts: [text] }));
  for (const correction of corrections) {
    const { span, change } = correction;
    if (!span || "seatId" in change) continue;
    const covered = said.slice(span.from, span.to).map(({ text }) => text);
    const words = wordsIn(change.text);
    const owners = standsFor(covered, words);
    covered.forEach((_, at) => {
      places[span.from + at] = { texts: words.filter((__, word) => owners[word] === at), correction };
    });
  }
  const shown: ShownWord[] = [];
  places.forEach(({ texts, correction }, at) => {
    const { startMs = 0, endMs = 0 } = said[at] ?? {};
    const before = shown.at(-1);
    if (correction && texts.length === 0) {
      // Two words that became one are one; words that were taken out leave a place at which that can be undone.
      if (before?.correction === correction) shown[shown.length - 1] = { ...before, to: at + 1, endMs };
      else shown.push({ text: "", startMs, endMs, from: at, to: at + 1, correction });
      return;
    }
    if (correction && before?.correction === correction && before.text === "") {
      shown.pop();
      const joined = { startMs: before.startMs, from: before.from };
      texts.forEach((text) => void shown.push({ text, endMs, to: at + 1, correction, ...joined }));
      return;
    }
    texts.forEach((text, n) => {
      const step = (endMs - startMs) / texts.length;
      const times = { startMs: Math.round(startMs + n * step), endMs: Math.round(startMs + (n + 1) * step) };
      shown.push({ text, ...times, from: at, to: at + 1, ...(correction ? { correction } : {}) });
    });
  });
  return shown;
}
