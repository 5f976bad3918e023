import { z } from "zod";
import { SeatId } from "../ids.ts";
import { MOST_NAME } from "../plan/template.ts";
import { Text } from "../text.ts";

/**
 * What people do to a transcript together: annotations, which stand beside its words, and corrections of them. Kept as
 * acts in the order in which the server took them, for ever: the acts are the state, its history and its audit.
 */
export const markLimits = {
  letters: 2_000,
  /** A competency is a tag, too. */
  tag: MOST_NAME,
  tags: 10,
  spans: 40,
  /** Acts on one interview. */
  acts: 5_000,
} as const;

/** Words [from, to) of one segment as it was first written, whatever was corrected since. */
export const Span = z
  .strictObject({
    segmentId: z.string().regex(/^[0-9a-z/:.-]{3,80}$/, "must be a segment's id"),
    from: z.int().min(0).max(9_998),
    to: z.int().min(1).max(9_999),
  })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "must be after from" });
export type Span = z.infer<typeof Span>;

export const emojis = ["👍", "⭐", "💡", "❓", "⚠️"] as const;
export const Emoji = z.enum(emojis);
export type Emoji = z.infer<typeof Emoji>;

export const Tag = Text.min(1, "is needed").max(markLimits.tag);
/** How strongly words speak for a competency. */
export const Level = z.int().min(1).max(5);
const Evidence = z.strictObject({ competency: Tag, level: Level });

const annotation = z.uuid();
const correction = z.uuid();

export const Act = z.discriminatedUnion("do", [
  /** Without tags and evidence: a highlight. */
  z.strictObject({
    do: z.literal("annotate"),
    annotation,
    spans: z.array(Span).min(1).max(markLimits.spans),
    tags: z.array(Tag).max(markLimits.tags),
    evidence: z.array(Evidence).max(markLimits.tags),
  }),
  z.strictObject({ do: z.literal("tag"), annotation, tag: Tag, on: z.boolean() }),
  z.strictObject({ do: z.literal("evidence"), annotation, competency: Tag, level: Level.nullable() }),
  z.strictObject({
    do: z.literal("comment"),
    annotation,
    comment: z.uuid(),
    text: Text.min(1, "is needed").max(markLimits.letters, `must be at most ${markLimits.letters} letters`),
  }),
  z.strictObject({ do: z.literal("react"), annotation, emoji: Emoji, on: z.boolean() }),
  z.strictObject({ do: z.literal("resolve"), annotation, resolved: z.boolean() }),
  /** An annotation or a comment. `seen` is the last act that its remover had before them: no newer reply goes with it. */
  z.strictObject({ do: z.literal("remove"), target: z.uuid(), removed: z.boolean(), seen: z.int().min(0) }),
  /** Other words in place of these; none at all takes them out. */
  z.strictObject({ do: z.literal("correct"), correction, span: Span, text: Text.max(markLimits.letters) }),
  /** Somebody else said the whole segment. */
  z.strictObject({ do: z.literal("speaker"), correction, segmentId: Span.shape.segmentId, seatId: SeatId }),
  z.strictObject({ do: z.literal("undo"), correction, undone: z.boolean() }),
]);
export type Act = z.infer<typeof Act>;

/** What only the server says, when another transcript took the place of the one that was marked. */
export const Move = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("replaced"), part: z.int() }),
  /** `lost` are the old words of spans for which the new transcript has no place. */
  z.strictObject({ do: z.literal("move"), annotation, spans: z.array(Span), lost: z.array(z.string()) }),
  z.strictObject({ do: z.literal("move-correction"), correction, span: Span.nullable(), lost: z.string() }),
]);
export type Move = z.infer<typeof Move>;

/** One act as it is kept. */
export const Change = z.object({
  /** Made by the page, so that a repeated try is the same act. */
  id: z.uuid(),
  /** 1 for the interview's first, without holes. */
  seq: z.int().min(1),
  /** Account or seat, as the server knows it. */
  author: z.string(),
  name: z.string(),
  atMs: z.int(),
  act: z.union([Act, Move]),
});
export type Change = z.infer<typeof Change>;
