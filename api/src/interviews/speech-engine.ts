import { type Language, languages } from "@verbatim/shared/languages";

/** Which engine will hear this interview, and the sentence the page shows about it. */
export type SpeechPlan = { readonly engine: "deepgram" | "offline" | "none"; readonly reason: string };

export function speechPlan(
  configured: { readonly deepgram: boolean; readonly offline: boolean },
  language: string,
): SpeechPlan {
  if (configured.deepgram) return { engine: "deepgram", reason: "" };
  if (!configured.offline) {
    return {
      engine: "none",
      reason: "Transcription is off: there is no Deepgram key, and offline speech is not installed. Sound is recorded.",
    };
  }
  if (language !== "en") {
    const name = languages[language as Language] ?? language;
    return {
      engine: "none",
      reason: `Transcription is off: offline speech knows English only, not ${name}. Sound is recorded.`,
    };
  }
  return { engine: "offline", reason: "Offline speech, low accuracy." };
}
