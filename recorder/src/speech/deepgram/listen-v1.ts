import type { DeepgramClient } from "@deepgram/sdk";
import { MIX_RATE } from "@verbatim/shared/clock";
import { z } from "zod";
import type { EngineHandlers, EngineResult, EngineStream, Talk } from "../engine.ts";
import { keyTermsOf } from "./key-terms.ts";
import { CONNECT_TIMEOUT_S, openDeepgramSocket } from "./deepgram-socket.ts";

const Message = z.discriminatedUnion("type", [
  /** The server's last word after CloseStream. */
  z.object({ type: z.literal("Metadata") }),
  z.object({
    type: z.literal("Results"),
    start: z.number().min(0),
    duration: z.number().min(0),
    is_final: z.boolean().default(false),
    channel: z.object({
      alternatives: z.array(
        z.object({
          words: z
            .array(
              z.object({
                word: z.string(),
                punctuated_word: z.string().optional(),
                start: z.number().min(0),
                end: z.number().min(0),
                confidence: z.number().default(0),
              }),
            )
            .default([]),
        }),
      ),
    }),
  }),
]);
type Results = Extract<z.infer<typeof Message>, { type: "Results" }>;

/** Longest word that we pass on; an engine that says more is not to be believed. */
const MAX_WORD = 200;

const query = (model: string, { language, keyTerms }: Talk) => ({
  model,
  language,
  // Other models refuse them.
  ...(model.startsWith("nova-3") && keyTermsOf(keyTerms)),
  encoding: "linear16" as const,
  sample_rate: MIX_RATE,
  channels: 1,
  interim_results: "true" as const,
  punctuate: "true" as const,
  smart_format: "true" as const,
  numerals: "true" as const,
  endpointing: 300,
  utterance_end_ms: 1000,
  vad_events: "true" as const,
  // Interviews are no training material.
  mip_opt_out: true,
  // The SDK's own loop gives up for ever at its first failed attempt and throws meanwhile; ours replaces it.
  reconnectAttempts: 0,
  connectionTimeoutInSeconds: CONNECT_TIMEOUT_S,
});

/** Deepgram's streaming protocol of the Nova models: results that follow one another, cut at pauses. */
export function openListenV1(
  client: DeepgramClient,
  model: string,
  talk: Talk,
  handlers: EngineHandlers,
): EngineStream {
  let ending = false;
  let summed = false;
  const socket = openDeepgramSocket({
    connect: () => client.listen.v1.connect(query(model, talk)),
    onOpen: handlers.open,
    onMessage(message) {
      const { data } = Message.safeParse(message); // Others are UtteranceEnd and SpeechStarted: nothing we need.
      if (data?.type === "Metadata") summed ||= ending;
      if (data?.type === "Results") handlers.result(resultOf(data));
    },
    hasSaidAll: () => summed,
    onClose: handlers.close,
  });
  return {
    send: (pcm) => socket.use((on) => on.sendMedia(pcm)),
    keepAlive: () => socket.use((on) => on.sendKeepAlive({ type: "KeepAlive" })),
    finalize: () => socket.use((on) => on.sendFinalize({ type: "Finalize" })),
    end() {
      ending = true;
      socket.end();
    },
    drop: socket.drop,
  };
}

function resultOf({ start, duration, is_final: isFinal, channel }: Results): EngineResult {
  const words = (channel.alternatives[0]?.words ?? []).flatMap(({ word, punctuated_word, ...at }) => {
    const text = (punctuated_word ?? word).trim().slice(0, MAX_WORD);
    if (text === "") return [];
    const confidence = Math.min(1, Math.max(0, at.confidence));
    return [{ text, startS: at.start, endS: Math.max(at.start, at.end), confidence }];
  });
  return { startS: start, endS: start + duration, isFinal, words };
}
