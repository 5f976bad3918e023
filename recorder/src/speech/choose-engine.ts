import { serviceOf, type SpeechConfig } from "@verbatim/hands/speech-env";
import { notUnderstood, understands } from "@verbatim/shared/speech/understands";
import { createDeepgramEngine } from "./deepgram/deepgram.ts";
import type { SpeechEngine } from "./engine.ts";
import { createOpenAiEngine } from "./openai/openai.ts";

const STILL = "The recording is not affected.";
export const NO_ENGINE = `No speech service is set up. ${STILL}`;

/**
 * PocketSphinx follows the colour of the voice it hears, and a new stream knows nothing of it. Measured with connections
 * cut 20 times in 240 s of flite's slt: of 631 words, as many differ from those of an uninterrupted run as 38 without a
 * lead-in, 10 with 15 s, 7 and 9 with 30 s, 4 and 5 with 60 s. In a rehearsal on two cores two speakers' 60 s took longer to
 * hear than the next loss, 30 s later, left them, and at other times 30 s did: until Stop no word was read. So a stream that
 * is lost before it settled anything leaves the next one half of it. Its process killed 20 times in ten minutes of each of two
 * voices: 17 of 1,494 words differ, 14 of them in one sentence that it gets wrong undisturbed too.
 */
const OFFLINE_LEAD_IN_S = 30;
const offline = { name: "offline", apiKey: "offline", model: "offline" } as const;

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
      return createDeepgramEngine({
        ...offline,
        url: config.url,
        whyNot,
        leadInS: OFFLINE_LEAD_IN_S,
      });
    case "none":
      return undefined;
  }
}
