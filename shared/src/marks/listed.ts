import { z } from "zod";
import { correctedWords, correctionsBySegment, type SaidWord, speakerAfter } from "./corrected.ts";
import type { Annotation, Marks } from "./marks.ts";
import type { Span } from "./act.ts";

export type MarkedPassage = {
  readonly id: string;
  readonly part: number;
  readonly seatId: string;
  readonly words: readonly SaidWord[];
};

/** An annotation with its place and its words as they read now, and as they were first written. */
export type Listed = {
  readonly annotation: Annotation;
  readonly part: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly seatIds: readonly string[];
  readonly quote: string;
  readonly original: string;
};

/** Annotations on these passages, removed ones too, in the order of speech. */
export function listAnnotations(marks: Marks, passages: ReadonlyMap<string, MarkedPassage>): Listed[] {
  const corrections = correctionsBySegment(marks);
  const read = ({ segmentId, from, to }: Span) => {
    const passage = passages.get(segmentId);
    if (!passage) return [];
    const own = corrections.get(segmentId);
    const words = correctedWords(passage.words, own).filter((word) => word.from < to && word.to > from);
    const said = passage.words.slice(from, to);
    const { part } = passage;
    const startMs = said[0]?.startMs ?? 0;
    const endMs = said.at(-1)?.endMs ?? startMs;
    const text = (of: readonly SaidWord[]): string => of.flatMap((word) => word.text || []).join(" ");
    return [
      { part, startMs, endMs, seatId: speakerAfter(passage.seatId, own), quote: text(words), original: text(said) },
    ];
  };
  return [...marks.annotations.values()]
    .flatMap((annotation): Listed[] => {
      const pieces = annotation.spans.flatMap(read);
      const [first] = pieces;
      if (!first) return [];
      return [
        {
          annotation,
          part: first.part,
          startMs: first.startMs,
          endMs: Math.max(...pieces.map(({ endMs }) => endMs)),
          seatIds: [...new Set(pieces.map(({ seatId }) => seatId))],
          quote: pieces.map(({ quote }) => quote).join(" "),
          original: pieces.map(({ original }) => original).join(" "),
        },
      ];
    })
    .toSorted((a, b) => a.part - b.part || a.startMs - b.startMs || a.annotation.by.seq - b.annotation.by.seq);
}

/** What a newer transcript has no place for, whole or in parts. */
export const unplaced = (marks: Marks): Annotation[] =>
  [...marks.annotations.values()].filter(({ lost, removed }) => lost.length > 0 && !removed);

/** Empty: everything. */
export const MarkFilter = z.strictObject({
  tag: z.string().max(200).default(""),
  by: z.string().max(200).default(""),
  speaker: z.string().max(200).default(""),
});
export type MarkFilter = Readonly<z.infer<typeof MarkFilter>>;

export const isFiltered = (filter: MarkFilter): boolean => Object.values(filter).some((value) => value !== "");

/** Competencies that words are evidence for count as tags. */
export const tagsOf = ({ tags, evidence }: Annotation): string[] => [
  ...new Set([...tags, ...evidence.map(({ competency }) => competency)]),
];

/** Everybody who had a hand in an annotation. */
export const authorsOf = ({ by, comments, evidence, reactions }: Annotation): ReadonlyMap<string, string> =>
  new Map(
    [by, ...[...comments, ...evidence, ...reactions].map((each) => each.by)].map((each) => [each.author, each.name]),
  );

export const passes = ({ annotation, seatIds }: Listed, { tag, by, speaker }: MarkFilter): boolean =>
  (tag === "" || tagsOf(annotation).includes(tag)) &&
  (by === "" || authorsOf(annotation).has(by)) &&
  (speaker === "" || seatIds.includes(speaker));
