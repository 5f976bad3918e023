import { DeepgramClient } from "@deepgram/sdk";
import { MIX_RATE } from "@verbatim/shared/clock";
import { z } from "zod";
import type { EngineClose, EngineHandlers, EngineResult, EngineStream, SpeechEngine, Talk } from "./engine.ts";
import { limitedTerms } from "./limited-terms.ts";
import { refusalOf } from "./refusal.ts";

const Results = z.object({
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
});

/** Longest word and segment that we pass on; an engine that says more is not to be believed. */
const MAX_WORD = 200;
const CONNECT_TIMEOUT_S = 8;
/** Deepgram takes 100 terms of 500 tokens in all; a stream that asks for more is refused as a whole. */
const TERMS = { terms: 100, bytes: 500 } as const;

type Connect = Parameters<DeepgramClient["listen"]["v1"]["connect"]>[0];
type Socket = Awaited<ReturnType<DeepgramClient["listen"]["v1"]["connect"]>>;

/** Deepgram's streaming protocol, to Deepgram itself or to a server that speaks it. */
export function createDeepgramEngine(options: {
  readonly name: "deepgram" | "offline";
  readonly apiKey: string;
  /** ws(s) base; Deepgram's own when absent. */
  readonly url?: string | undefined;
  readonly model: string;
  readonly whyNot: (language: string) => string | undefined;
}): SpeechEngine {
  const production = options.url?.replace(/\/+$/, "");
  const base = production?.replace(/^ws/, "http");
  const client = new DeepgramClient({
    apiKey: options.apiKey,
    ...(production && base && { environment: { base, production, agent: production, agentRest: base } }),
  });
  return {
    name: options.name,
    whyNot: options.whyNot,
    open: (talk, handlers) => openStream(client, query(options.model, talk), handlers),
  };
}

const query = (model: string, { language, keyTerms }: Talk) => ({
  model,
  language,
  // Other models refuse them.
  ...(model.startsWith("nova-3") && keyTerms.length > 0 && { keyterm: limitedTerms(keyTerms, TERMS) }),
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

function openStream(client: DeepgramClient, args: ReturnType<typeof query>, handlers: EngineHandlers): EngineStream {
  let socket: Socket | undefined;
  let state: "opening" | "open" | "ending" | "gone" = "opening";
  let refusal: EngineClose | undefined;
  let summed = false;
  const deadline = setTimeout(() => lost("no answer to the connection attempt"), (CONNECT_TIMEOUT_S + 2) * 1000);

  const finish = (close: EngineClose): void => {
    if (state === "gone") return;
    state = "gone";
    clearTimeout(deadline);
    socket?.close();
    handlers.close(close);
  };
  const lost = (detail: string): void => finish(refusal ?? { kind: "lost", detail });

  const connect = async (): Promise<void> => {
    // The SDK types ask for a header that it sets itself.
    const opened = await client.listen.v1.connect(args as unknown as Connect);
    if (state === "gone") return;
    socket = opened;
    opened.on("open", () => {
      if (state !== "opening") return;
      state = "open";
      clearTimeout(deadline);
      handlers.open();
    });
    opened.on("message", (message) => {
      // The server's last word after CloseStream; a close alone may be a lost connection, which the SDK calls 1000 too.
      if (message.type === "Metadata" && state === "ending") summed = true;
      const result = state === "gone" ? undefined : readResult(message);
      if (result) handlers.result(result);
    });
    opened.on("error", (error) => {
      refusal ??= refusalOf(error.message);
      // A refused handshake has no close of its own in every case.
      if (state === "opening") lost(error.message);
    });
    opened.on("close", ({ code }) => {
      if (state === "ending" && summed) finish({ kind: "ended" });
      // The SDK tells of a refused handshake as a close with 1000 first, and of the reason right after.
      else setImmediate(() => lost(`closed with ${code}`));
    });
    opened.connect();
  };
  connect().catch((cause: unknown) => lost(String(cause)));

  const use = (act: (on: Socket) => void): void => {
    if (!socket || state === "gone" || state === "opening") return;
    try {
      act(socket);
    } catch (cause) {
      lost(String(cause)); // The SDK throws on a socket that has just gone.
    }
  };

  return {
    send: (pcm) => use((on) => on.sendMedia(pcm)),
    keepAlive: () => use((on) => on.sendKeepAlive({ type: "KeepAlive" })),
    finalize: () => use((on) => on.sendFinalize({ type: "Finalize" })),
    end() {
      use((on) => on.sendCloseStream({ type: "CloseStream" }));
      if (state === "open") state = "ending";
    },
    drop() {
      state = "gone";
      clearTimeout(deadline);
      socket?.close();
    },
  };
}

function readResult(message: unknown): EngineResult | undefined {
  const parsed = Results.safeParse(message);
  if (!parsed.success) return undefined; // Metadata, UtteranceEnd, SpeechStarted: nothing we need.
  const { start, duration, is_final: isFinal, channel } = parsed.data;
  const words = (channel.alternatives[0]?.words ?? []).flatMap(({ word, punctuated_word, ...at }) => {
    const text = (punctuated_word ?? word).trim().slice(0, MAX_WORD);
    if (text === "") return [];
    const confidence = Math.min(1, Math.max(0, at.confidence));
    return [{ text, startS: at.start, endS: Math.max(at.start, at.end), confidence }];
  });
  return { startS: start, endS: start + duration, isFinal, words };
}
