import { DeepgramClient } from "@deepgram/sdk";
import { isTurnBased } from "@verbatim/shared/speech/understands";
import type { SpeechEngine } from "../engine.ts";
import { openListenV1 } from "./listen-v1.ts";
import { openListenV2, SILENCE_TO_END_S } from "./listen-v2.ts";

/** Deepgram's streaming, to Deepgram itself or to a server that speaks it; which of its protocols, the model decides. */
export function createDeepgramEngine(options: {
  readonly name: "deepgram" | "offline";
  readonly apiKey: string;
  /** ws(s) base; Deepgram's own when absent. */
  readonly url?: string | undefined;
  readonly model: string;
  readonly leadInS?: number;
  readonly whyNot: (language: string) => string | undefined;
}): SpeechEngine {
  const { name, whyNot, model, leadInS = 0 } = options;
  const production = options.url?.replace(/\/+$/, "");
  const base = production?.replace(/^ws/, "http");
  const client = new DeepgramClient({
    apiKey: options.apiKey,
    ...(production && base && { environment: { base, production, agent: production, agentRest: base } }),
  });
  if (!isTurnBased(model)) {
    return { name, whyNot, leadInS, open: (talk, handlers) => openListenV1(client, model, talk, handlers) };
  }
  return {
    name,
    whyNot,
    silenceToEndS: SILENCE_TO_END_S,
    open: (talk, handlers) => openListenV2(client, model, talk, handlers),
  };
}
