import { z } from "zod";

export const SpeechEngineName = z.enum(["deepgram", "openai", "offline", "none"]);
export type SpeechEngineName = z.infer<typeof SpeechEngineName>;

/** What writes down what is said, as it is set up: whose, and which of its models. */
export const SpeechService = z.strictObject({ engine: SpeechEngineName, model: z.string().max(100) });
export type SpeechService = z.infer<typeof SpeechService>;

/** What will hear an interview, and a sentence for people: why nothing does, or how well it does. Empty when all is well. */
export const SpeechPlan = z.object({ engine: SpeechEngineName, reason: z.string() });
export type SpeechPlan = z.infer<typeof SpeechPlan>;
