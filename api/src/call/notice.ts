import { type Language, languages } from "@verbatim/shared/languages";

/** Changes whenever a word of it does: consent is stored with it. */
export const NOTICE_VERSION = "2026-11-1";

const english = [
  "This interview is recorded on the organisation's server, and its words are written down as you speak.",
  "The recording begins only when the red lamp is on. Nothing you say before that, while it is paused, while you are muted, or after it has stopped is kept.",
  "Up to five people may listen. Everybody in the call, you too, always sees who they are; there are no hidden listeners.",
  "Sound is recorded; picture is not. The recording, the transcript and notes on it help people to judge the interview; a person decides, never a program alone.",
  "Everything is deleted after the recruitment is closed and its retention period has ended. You may ask the organisation to see or delete what it holds about you.",
];

/** What a speaker accepts before the microphone opens. */
export function noticeFor(language: string): { version: string; language: string; text: string[] } {
  if (language === "en") return { version: NOTICE_VERSION, language: "en", text: english };
  const name = languages[language as Language] ?? language;
  const honest = `This interview will be held in ${name}. This notice is not translated yet, so you read it in English.`;
  return { version: NOTICE_VERSION, language: "en", text: [honest, ...english] };
}
