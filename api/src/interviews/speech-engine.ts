import type { SpeechPlan, SpeechService } from "@verbatim/shared/speech/service";
import { notUnderstood, understands } from "@verbatim/shared/speech/understands";

/** Which engine will hear an interview in this language. */
export function speechPlan(service: SpeechService, language: string): SpeechPlan {
  if (service.engine === "none") {
    return {
      engine: "none",
      reason:
        "No speech service is set up: there will be no live transcript; the recording is not affected. A Deepgram key, or offline speech on the server, brings one.",
    };
  }
  if (!understands(service, language)) {
    const what = notUnderstood(service, language);
    return { engine: "none", reason: `${what}: there will be no live transcript; the recording is not affected.` };
  }
  return { engine: service.engine, reason: service.engine === "offline" ? "Offline speech, low accuracy." : "" };
}
