import { z } from "zod";
import { limitedTerms } from "../limited-terms.ts";
import type { Talk } from "../engine.ts";

/** What a transcription session says, as far as it concerns us; the rest is ignored. As the types of openai 7.55.0 have it. */
export const ServerEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("session.updated") }),
  z.object({ type: z.literal("input_audio_buffer.committed"), item_id: z.string() }),
  z.object({
    type: z.literal("conversation.item.input_audio_transcription.delta"),
    item_id: z.string(),
    delta: z.string().default(""),
  }),
  z.object({
    type: z.literal("conversation.item.input_audio_transcription.completed"),
    item_id: z.string(),
    transcript: z.string(),
    logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })).nullish(),
  }),
  z.object({
    type: z.literal("conversation.item.input_audio_transcription.failed"),
    item_id: z.string(),
    error: z.object({ code: z.string().nullish(), type: z.string().nullish() }),
  }),
  z.object({ type: z.literal("error"), error: z.object({ code: z.string().nullish(), type: z.string().nullish() }) }),
]);
export type ServerEvent = z.infer<typeof ServerEvent>;

const TERMS = { terms: 100, bytes: 1_000 } as const;

/** How a session is to be, with what each model understands. We end the turns ourselves: not every model can. */
export function sessionUpdate(model: string, { language, keyTerms }: Talk) {
  const terms = limitedTerms(keyTerms, TERMS);
  const hints =
    terms.length === 0
      ? {}
      : /^gpt-(live-)?transcribe/.test(model)
        ? { keywords: terms }
        : /^(whisper-1|gpt-4o(-mini)?-transcribe(?!-diarize))/.test(model)
          ? { prompt: terms.join(", ") }
          : {};
  return {
    type: "session.update",
    session: {
      type: "transcription",
      ...(model.startsWith("gpt-4o") && { include: ["item.input_audio_transcription.logprobs"] }),
      audio: {
        input: {
          format: { type: "audio/pcm", rate: 24_000 },
          transcription: { model, language, ...hints },
          turn_detection: null,
        },
      },
    },
  } as const;
}
