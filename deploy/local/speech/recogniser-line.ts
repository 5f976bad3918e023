import { z } from "zod";

const Samples = z.int().nonnegative();

/** `[word, first sample, end sample, confidence 0..1]`, positions at 16 kHz on the stream's own clock. */
const HeardWord = z.tuple([z.string().min(1), Samples, Samples, z.number()]);
export type HeardWord = z.infer<typeof HeardWord>;

/**
 * What the native recogniser writes, one JSON line each. Finals tile the stream: each begins where the last ended.
 * `silence` ended an utterance, `long` cut one that would not end, `quiet` says that a stretch held no speech,
 * `finalize` and `end` were asked for.
 */
export const RecogniserLine = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("heard"), to: Samples }),
  z.strictObject({ type: z.literal("speech"), at: Samples }),
  z.strictObject({ type: z.literal("partial"), to: Samples, words: z.array(HeardWord) }),
  z.strictObject({
    type: z.literal("final"),
    cause: z.enum(["silence", "long", "quiet", "finalize", "end"]),
    to: Samples,
    words: z.array(HeardWord),
  }),
]);
export type RecogniserLine = z.infer<typeof RecogniserLine>;
export type Partial = Extract<RecogniserLine, { type: "partial" }>;
export type Final = Extract<RecogniserLine, { type: "final" }>;
