import type { SpeechService } from "@verbatim/shared/speech/service";
import { z } from "zod";
import { inAnyCase } from "./config.ts";

export type SpeechConfig =
  | { readonly kind: "deepgram"; readonly apiKey: string; readonly url: string | undefined; readonly model: string }
  | { readonly kind: "openai"; readonly apiKey: string; readonly baseUrl: string; readonly model: string }
  /** A server that speaks Deepgram's live protocol without a key. */
  | { readonly kind: "offline"; readonly url: string }
  | { readonly kind: "none" };

const Socket = z.url({ protocol: /^wss?$/, error: "must be a ws:// or wss:// address" });

/**
 * Which speech service is used: `schema.and(speechEnv)` gives a config with `speech`. SPEECH names it; unless it does,
 * a key chooses Deepgram, without one the offline server does what it can, and without both there is none. Api and scribe read the same.
 */
export const speechEnv = z
  .object({
    SPEECH: z
      .enum(["deepgram", "openai", "offline", "off"], { error: "must be deepgram, openai, offline or off" })
      .optional(),
    DEEPGRAM_API_KEY: z.string().min(8, "looks cut off").optional(),
    DEEPGRAM_URL: Socket.optional(),
    DEEPGRAM_MODEL: z.string().max(100).default("nova-3"),
    OPENAI_API_KEY: z.string().optional(),
    OPENAI_BASE_URL: z
      .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
      .default("https://api.openai.com/v1"),
    OPENAI_SPEECH_MODEL: z.string().max(100).default("gpt-live-transcribe"),
    SPEECH_OFFLINE_URL: Socket.optional(),
  })
  .refine((env) => env.SPEECH !== "deepgram" || env.DEEPGRAM_API_KEY !== undefined, {
    ...inAnyCase,
    path: ["DEEPGRAM_API_KEY"],
    error: "is needed with SPEECH=deepgram",
  })
  .refine((env) => env.SPEECH !== "openai" || env.OPENAI_API_KEY !== undefined, {
    ...inAnyCase,
    path: ["OPENAI_API_KEY"],
    error: "is needed with SPEECH=openai",
  })
  .transform((env): { readonly speech: SpeechConfig } => {
    const { SPEECH, DEEPGRAM_API_KEY, OPENAI_API_KEY, SPEECH_OFFLINE_URL } = env;
    const wants = SPEECH ?? (DEEPGRAM_API_KEY === undefined ? "offline" : "deepgram");
    if (wants === "deepgram" && DEEPGRAM_API_KEY !== undefined) {
      const { DEEPGRAM_URL: url, DEEPGRAM_MODEL: model } = env;
      return { speech: { kind: "deepgram", apiKey: DEEPGRAM_API_KEY, url, model } };
    }
    if (wants === "openai" && OPENAI_API_KEY !== undefined) {
      const { OPENAI_BASE_URL: baseUrl, OPENAI_SPEECH_MODEL: model } = env;
      return { speech: { kind: "openai", apiKey: OPENAI_API_KEY, baseUrl, model } };
    }
    if (wants === "offline" && SPEECH_OFFLINE_URL !== undefined) {
      return { speech: { kind: "offline", url: SPEECH_OFFLINE_URL } };
    }
    return { speech: { kind: "none" } };
  });

/** What may be told of it: nothing that opens anything. */
export const serviceOf = (config: SpeechConfig): SpeechService => ({
  engine: config.kind,
  model: config.kind === "none" ? "" : config.kind === "offline" ? "offline" : config.model,
});
