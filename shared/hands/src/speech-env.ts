import type { SpeechService } from "@verbatim/shared/speech/service";
import { z } from "zod";

export type SpeechConfig =
  | { readonly kind: "deepgram"; readonly apiKey: string; readonly url: string | undefined; readonly model: string }
  /** A server that speaks Deepgram's live protocol without a key. */
  | { readonly kind: "offline"; readonly url: string }
  | { readonly kind: "none" };

const Socket = z.url({ protocol: /^wss?$/, error: "must be a ws:// or wss:// address" });

/**
 * Which speech service is used: `schema.and(speechEnv)` gives a config with `speech`. A key chooses Deepgram; without
 * one the offline server does what it can; without both there is none. Api and scribe read the same.
 */
export const speechEnv = z
  .object({
    DEEPGRAM_API_KEY: z.string().min(8, "looks cut off").optional(),
    DEEPGRAM_URL: Socket.optional(),
    DEEPGRAM_MODEL: z.string().max(100).default("nova-3"),
    SPEECH_OFFLINE_URL: Socket.optional(),
  })
  .transform((env): { readonly speech: SpeechConfig } => {
    const { DEEPGRAM_API_KEY: apiKey, DEEPGRAM_URL: url, DEEPGRAM_MODEL: model, SPEECH_OFFLINE_URL: offline } = env;
    if (apiKey !== undefined) return { speech: { kind: "deepgram", apiKey, url, model } };
    return { speech: offline === undefined ? { kind: "none" } : { kind: "offline", url: offline } };
  });

/** What may be told of it: nothing that opens anything. */
export const serviceOf = (config: SpeechConfig): SpeechService => ({
  engine: config.kind,
  model: config.kind === "none" ? "" : config.kind === "offline" ? "offline" : config.model,
});
