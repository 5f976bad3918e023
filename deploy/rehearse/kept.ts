import type { Change } from "@verbatim/shared/marks/act";
import { marksOf } from "@verbatim/shared/marks/marks";

/** What one person did while they listened: every letter that was pressed in the notes, and the comments that were made. */
export type Typed = { readonly name: string; readonly text: string; readonly comments: readonly string[] };

/** Of it, what is stored. `lost` and `doubled` are words, by which a loss can be found in logs and pictures. */
export type Kept = {
  readonly name: string;
  readonly sent: number;
  readonly kept: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly comments: { readonly made: number; readonly kept: number; readonly lost: readonly string[] };
};

const WORDS = "clear calm vague concrete asked answered paused example money team number later".split(" ");

/** The nth word of a person, with the space behind it: nobody else's, and no other one of theirs. */
export const wordOf = (person: number, n: number): string => `${WORDS[n % WORDS.length]}${person}.${n} `;

/**
 * What is stored of what was typed. A word counts, with the space behind it, where it stands whole, and once: a letter that
 * is missing, or that somebody else's came between, takes its whole word with it. So nothing is counted that is not there.
 */
export function keptOf(typed: Typed, notes: string, comments: readonly string[]): Kept {
  const stored = countedBy(piecesOf(notes));
  const pieces = piecesOf(typed.text);
  const lost: string[] = [];
  let kept = 0;
  for (const piece of pieces) {
    const left = stored.get(piece) ?? 0;
    stored.set(piece, left - 1);
    if (left > 0) kept += piece.length;
    else lost.push(piece.trim());
  }
  const doubled = [...new Set(pieces)].filter((piece) => (stored.get(piece) ?? 0) > 0).map((piece) => piece.trim());
  const missing = typed.comments.filter((comment) => !comments.includes(comment));
  const { length: made } = typed.comments;
  return {
    name: typed.name,
    sent: typed.text.length,
    kept,
    lost,
    doubled,
    comments: { made, kept: made - missing.length, lost: missing },
  };
}

/** What everybody's comes to. */
export const totalOf = (all: readonly Kept[]) => ({
  typed: { sent: sum(all, ({ sent }) => sent), kept: sum(all, ({ kept }) => kept) },
  annotations: { made: sum(all, ({ comments }) => comments.made), kept: sum(all, ({ comments }) => comments.kept) },
});

/** The comments on annotations that stand, by the acts that are stored. */
export const commentsIn = (changes: readonly Change[]): string[] =>
  [...marksOf(changes).annotations.values()]
    .filter(({ removed }) => !removed)
    .flatMap(({ comments }) => comments.filter((each) => !each.removed).map(({ text }) => text));

/** Words, each with the space behind it. */
const piecesOf = (text: string): string[] => text.match(/[^ \n]+ ?/g) ?? [];

function countedBy(pieces: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
}

const sum = <Each>(all: readonly Each[], of: (each: Each) => number): number =>
  all.reduce((total, each) => total + of(each), 0);
