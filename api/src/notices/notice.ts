import { createHash } from "node:crypto";
import type { Notice } from "@verbatim/shared/api/notice";
import { type Language, languages, type noticeLanguages } from "@verbatim/shared/languages";
import type { NoticeFacts, NoticeTexts } from "./notice-facts.ts";
import { de } from "./texts/de.ts";
import { en } from "./texts/en.ts";
import { es } from "./texts/es.ts";
import { fr } from "./texts/fr.ts";
import { it } from "./texts/it.ts";
import { nl } from "./texts/nl.ts";
import { pl } from "./texts/pl.ts";

/** One for each that the pages say there is, and no other. */
const all = { de, en, es, fr, it, nl, pl } satisfies Record<(typeof noticeLanguages)[number], NoticeTexts>;

const textsIn = (language: string): NoticeTexts | undefined =>
  (all as Readonly<Partial<Record<string, NoticeTexts>>>)[language];

/**
 * What a speaker accepts before the microphone opens. `own` is what staff wrote for this interview in this language;
 * empty means our text, or the English one with a word on why. The version is made from every word of it.
 */
export function noticeFor(language: string, facts: NoticeFacts, own: string): Notice {
  const texts = textsIn(language);
  const fixed = { language: texts ? language : "en", text: fixedText(texts ?? en, facts) };
  const written = paragraphs(own);
  const rest = written.length > 0 ? written : restText(language, texts);
  const content = {
    language: written.length > 0 || texts ? language : "en",
    fixed,
    text: rest,
  };
  const version = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 24);
  return { version, own: written.length > 0, ...content };
}

const fixedText = (texts: NoticeTexts, facts: NoticeFacts): string[] => [
  texts.recorded(facts),
  texts.ai(facts),
  ...(facts.suggestions === "none" ? [] : [texts.suggestions(facts.suggestions)]),
  ...texts.terms(facts),
];

function restText(language: string, texts: NoticeTexts | undefined): string[] {
  if (texts) return [...texts.rest];
  const name = languages[language as Language] ?? language;
  const honest = `This interview will be held in ${name}. This notice is not translated yet, so you read it in English.`;
  return [honest, ...en.rest];
}

/** Our text to begin with when somebody writes their own; empty in a language that we have none for. */
export const ownText = (language: string): string => (textsIn(language)?.rest ?? []).join("\n\n");

/** Staff write paragraphs with empty lines between them. */
const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
