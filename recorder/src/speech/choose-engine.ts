import { createDeepgramEngine } from "./deepgram.ts";
import type { SpeechEngine } from "./engine.ts";

export type SpeechConfig = {
  readonly deepgram: { readonly apiKey: string; readonly url?: string | undefined; readonly model: string } | undefined;
  /** Where an offline server that speaks Deepgram's protocol listens. */
  readonly offlineUrl: string | undefined;
};

/** Official EU languages for which Deepgram has no streaming model. Others that it lacks it refuses by itself. */
const NOT_AT_DEEPGRAM = new Set(["ga", "mt"]);

const STILL = "The recording is not affected.";
export const NO_ENGINE = `No speech service is set up. ${STILL}`;

const primary = (language: string): string => language.toLowerCase().split(/[-_]/)[0] ?? "";

/** A key chooses Deepgram; without one the offline server does what it can; without both there is none. */
export function chooseEngine(config: SpeechConfig): SpeechEngine | undefined {
  if (config.deepgram) {
    return createDeepgramEngine({
      name: "deepgram",
      ...config.deepgram,
      whyNot: (language) =>
        NOT_AT_DEEPGRAM.has(primary(language))
          ? `The speech service does not offer this language. ${STILL}`
          : undefined,
    });
  }
  if (config.offlineUrl !== undefined) {
    return createDeepgramEngine({
      name: "offline",
      apiKey: "offline",
      url: config.offlineUrl,
      model: "offline",
      whyNot: (language) =>
        primary(language) === "en" ? undefined : `Offline speech understands English only. ${STILL}`,
    });
  }
  return undefined;
}
