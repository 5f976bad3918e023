import type { Seen } from "./watch.ts";

export type TimedWord = {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** When the engine first answered with it; undefined where that is not known. */
  readonly answeredMs?: number | undefined;
};
export type TimedSegment = {
  readonly id: string;
  readonly speaker: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: readonly TimedWord[];
};

/**
 * From the moment a word's sound ended at its speaker's browser to its first appearance on an observer's page, for each
 * word of each final segment. `zeroMs` is the host's time of position 0. The engine places a word where the recording has
 * it, which is `lagMs` later than at the browser; a word whose lag is unknown is not measured.
 *
 * Unfinished text is replaced as a whole, so a word counts from the first text, unfinished or final, in which it
 * stands at its place or one beside it (an engine that joins or splits a word before it must not make it late).
 * A word that only ever showed up finally counts from then.
 */
export function wordDelays(
  segments: readonly TimedSegment[],
  seen: readonly Seen[],
  zeroMs: number,
  lagMs: (speaker: string, atMs: number) => number | undefined,
): number[] {
  return firstSeen(segments, seen, zeroMs).flatMap(({ speaker, word, atMs }) => {
    const lag = lagMs(speaker, word.endMs);
    return lag === undefined ? [] : [Math.round(atMs - (zeroMs + word.endMs - lag))];
  });
}

/** From the engine's first answer with a word to its first appearance on an observer's page, for each word of which both are known. */
export const screenDelays = (segments: readonly TimedSegment[], seen: readonly Seen[], zeroMs: number): number[] =>
  firstSeen(segments, seen, zeroMs).flatMap(({ word, atMs }) =>
    word.answeredMs === undefined ? [] : [Math.round(atMs - (zeroMs + word.answeredMs))],
  );

function firstSeen(
  segments: readonly TimedSegment[],
  seen: readonly Seen[],
  zeroMs: number,
): { readonly speaker: string; readonly word: TimedWord; readonly atMs: number }[] {
  return segments.flatMap((segment) => {
    const texts = seen
      .filter((each) => belongs(each, segment, zeroMs))
      .map((each) => ({ ...each, words: plain(each.text) }));
    return segment.words.flatMap((word, index) => {
      const wanted = plain(word.text).join("");
      const first = texts.find(({ words }) => [index, index - 1, index + 1].some((at) => words[at] === wanted));
      return first ? [{ speaker: segment.speaker, word, atMs: first.atMs }] : [];
    });
  });
}

/** A final line belongs by its id; unfinished words by speaker, between the segment's begin and its final line. */
function belongs(seen: Seen, segment: TimedSegment, zeroMs: number): boolean {
  if (seen.segmentId !== null) return seen.segmentId === segment.id;
  const atMs = seen.atMs - zeroMs;
  return seen.speaker === segment.speaker && atMs >= segment.startMs && atMs <= segment.endMs + 10_000;
}

/** Words as they are compared: the final text may have gained capitals and punctuation. */
export function plain(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}' ]/gu, "")
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Share of words wrong: the fewest substitutions, insertions and deletions that make `heard` of `said`, by `said`'s length. */
export function wordError(said: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, index) => index + 1);
  row.unshift(0);
  for (const [i, word] of said.entries()) {
    const next = [i + 1];
    for (const [j, other] of heard.entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (word === other ? 0 : 1)));
    }
    row = next;
  }
  return said.length === 0 ? 0 : (row.at(-1) ?? 0) / said.length;
}
