import { serviceOf, type SpeechConfig } from "@verbatim/hands/speech-env";
import { notUnderstood, understands } from "@verbatim/shared/speech/understands";
import { createDeepgramEngine } from "./deepgram/deepgram.ts";
import type { SpeechEngine } from "./engine.ts";
import { createOpenAiEngine } from "./openai/openai.ts";

const STILL = "The recording is not affected.";
export const NO_ENGINE = `No speech service is set up. ${STILL}`;

/** The engine that is set up, or none. */
export function chooseEngine(config: SpeechConfig): SpeechEngine | undefined {
  const service = serviceOf(config);
  const whyNot = (language: string): string | undefined =>
    understands(service, language) ? undefined : `${notUnderstood(service, language)}. ${STILL}`;
  switch (config.kind) {
    case "deepgram":
      return createDeepgramEngine({ name: "deepgram", ...config, whyNot });
    case "openai":
      return createOpenAiEngine({ ...config, whyNot });
    case "offline":
      return createDeepgramEngine({ name: "offline", apiKey: "offline", url: config.url, model: "offline", whyNot });
    case "none":
      return undefined;
  }
}
