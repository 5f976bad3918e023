import type { ShownWord } from "@verbatim/shared/marks/corrected";
import type { Listed } from "@verbatim/shared/marks/listed";

/**
 * Which words of each segment are annotated, spelled as one text for each: what did not change is equal, and a segment
 * with the same text is not drawn again. "1-3 5-6*": words [1, 3), and [5, 6), whose annotation was chosen.
 */
export function marksBySegment(shown: readonly Listed[], chosen: string | undefined): ReadonlyMap<string, string> {
  const spelled = shown.flatMap(({ annotation: { id, spans } }) =>
    spans.map(({ segmentId, from, to }) => ({ segmentId, text: `${from}-${to}${id === chosen ? "*" : ""}` })),
  );
  const bySegment = Map.groupBy(spelled, ({ segmentId }) => segmentId);
  return new Map([...bySegment].map(([id, each]) => [id, each.map(({ text }) => text).join(" ")]));
}

/** What a word's element carries, for looks, for selecting, and for whoever looks for it. */
export function wordData({ text, startMs, endMs, from, to, correction }: ShownWord, marks: string | undefined) {
  const over = (marks ?? "")
    .split(" ")
    .map((mark) => /^(\d+)-(\d+)(\*?)$/.exec(mark))
    .filter((mark) => mark && Number(mark[1]) < to && Number(mark[2]) > from);
  return {
    "data-word": "",
    "data-text": text,
    "data-from": from,
    "data-to": to,
    "data-start-ms": startMs,
    "data-end-ms": endMs,
    "data-marked": over.length || undefined,
    "data-chosen": over.some((mark) => mark?.[3] === "*") || undefined,
    "data-corrected": correction ? "" : undefined,
  };
}

/** The annotation on a word, the last made first. */
export const annotationAt = (shown: readonly Listed[], segmentId: string, at: number): string | undefined =>
  shown
    .toSorted((a, b) => b.annotation.by.seq - a.annotation.by.seq)
    .find(({ annotation }) =>
      annotation.spans.some((span) => span.segmentId === segmentId && span.from <= at && at < span.to),
    )?.annotation.id;
