import type { Span } from "./act.ts";
import { counterparts } from "./align.ts";
import type { SaidWord } from "./corrected.ts";

export type Passage = { readonly id: string; readonly seatId: string; readonly words: readonly SaidWord[] };

/** Two transcripts of one sound agree on times to within this. */
const AROUND_MS = 3_000;

type Placed = SaidWord & { readonly passage: Passage; readonly at: number };

/**
 * Where words [from, to) of a passage are in another transcript of the same sound: at the same words near the same
 * time, else at what is heard at that time; with the same speaker, else with anybody. Nothing when nobody says anything there.
 */
export function reanchor(old: Passage, { from, to }: Pick<Span, "from" | "to">, fresh: readonly Passage[]): Span[] {
  const marked = old.words.slice(from, to);
  const [first, last] = [marked[0], marked.at(-1)];
  if (!first || !last) return [];
  const [startMs, endMs] = [old.words[0]?.startMs ?? 0, old.words.at(-1)?.endMs ?? 0];
  const near = fresh
    .flatMap((passage) => passage.words.map((word, at): Placed => ({ ...word, passage, at })))
    .filter((word) => word.endMs > startMs - AROUND_MS && word.startMs < endMs + AROUND_MS);
  const place = (among: readonly Placed[]): Placed[] => {
    const found = counterparts(
      old.words.map(({ text }) => text),
      among.map(({ text }) => text),
      (i, j) => Math.abs((old.words[i]?.startMs ?? 0) - (among[j]?.startMs ?? 0)) < AROUND_MS,
    );
    return among.filter((word, index) => {
      const same = found[index] ?? -1;
      if (same !== -1) return same >= from && same < to;
      const middle = (word.startMs + word.endMs) / 2;
      return middle >= first.startMs && middle <= last.endMs;
    });
  };
  const sameSpeaker = place(near.filter(({ passage }) => passage.seatId === old.seatId));
  const placed = sameSpeaker.length > 0 ? sameSpeaker : place(near);
  return [...Map.groupBy(placed, ({ passage }) => passage.id)].map(([segmentId, words]) => ({
    segmentId,
    from: Math.min(...words.map(({ at }) => at)),
    to: Math.max(...words.map(({ at }) => at)) + 1,
  }));
}
