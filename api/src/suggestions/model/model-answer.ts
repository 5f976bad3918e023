import { z } from "zod";

/**
 * What a model is asked to answer with. No lengths and no choices here: some compatible servers refuse a schema that has
 * them, and `checkedDrafts` decides anyway.
 */
export const ModelAnswer = z.strictObject({
  suggestions: z.array(z.strictObject({ text: z.string(), competency: z.string(), quote: z.string() })),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;
