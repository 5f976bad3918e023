import type { Move, Span } from "@verbatim/shared/marks/act";
import type { Marks } from "@verbatim/shared/marks/marks";
import { reanchor } from "@verbatim/shared/marks/reanchor";
import type { SaidPassage } from "./passages.ts";

/**
 * Where marks on replaced transcripts go in the ones that count. What finds no place keeps its words and is listed.
 * Marks on words that still count are left alone.
 */
export function movesOf(marks: Marks, passages: readonly SaidPassage[]): Move[] {
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const counting = Map.groupBy(
    passages.filter(({ counts }) => counts),
    ({ part }) => part,
  );
  const moved = (span: Span): { readonly to: readonly Span[]; readonly lost: string } | undefined => {
    const old = byId.get(span.segmentId);
    if (!old || old.counts) return undefined;
    const to = reanchor(old, span, counting.get(old.part) ?? []);
    const words = old.words.slice(span.from, span.to).map(({ text }) => text);
    return { to, lost: words.join(" ") };
  };
  const moves: Move[] = [];
  for (const { id, spans } of marks.annotations.values()) {
    const each = spans.map((span) => ({ span, moved: moved(span) }));
    if (each.every((one) => !one.moved)) continue;
    moves.push({
      do: "move",
      annotation: id,
      spans: each.flatMap((one) => one.moved?.to ?? (one.moved ? [] : [one.span])),
      lost: each.flatMap((one) => (one.moved?.to.length === 0 ? [one.moved.lost] : [])),
    });
  }
  for (const { id, span, change } of marks.corrections.values()) {
    const old = span && byId.get(span.segmentId);
    if (!span || !old || old.counts) continue;
    // A speaker's correction is about the whole segment, and goes where most of it went.
    const whole = "seatId" in change ? { ...span, from: 0, to: old.words.length } : span;
    const { to = [], lost = "" } = moved(whole) ?? {};
    const [place] = to;
    const fits = to.length === 1 && place && ("text" in change || mostOf(place, byId.get(place.segmentId)));
    moves.push({ do: "move-correction", correction: id, span: fits ? place : null, lost: fits ? "" : lost });
  }
  return moves;
}

const mostOf = ({ from, to }: Span, passage: SaidPassage | undefined): boolean =>
  2 * (to - from) >= (passage?.words.length ?? 0);
