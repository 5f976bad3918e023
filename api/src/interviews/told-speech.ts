import type { Log } from "@verbatim/hands/log";
import type { SpeechService } from "@verbatim/shared/speech/service";

export type ToldSpeech = {
  /** The service that will hear interviews. */
  now(): SpeechService;
  /** Scribe says what it uses, whenever it connects. */
  tell(service: SpeechService): void;
};

/**
 * What pages and notices say of speech recognition: what scribe uses, by its own word, even where it was started with
 * another environment than we were. Until it has said so, what it would use in ours.
 */
export function createToldSpeech(configured: SpeechService, log: Log): ToldSpeech {
  let told: SpeechService | undefined;
  return {
    now: () => told ?? configured,
    tell(service) {
      told = service;
      if (service.engine !== configured.engine || service.model !== configured.model)
        log.warn("speech.configured_differently", { scribe: service.engine, here: configured.engine });
    },
  };
}
