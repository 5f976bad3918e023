import { type Language, languages, languageTags } from "../languages.ts";
import type { SpeechService } from "./service.ts";

const except = (...lacking: readonly Language[]): ReadonlySet<string> =>
  new Set(languageTags.filter((tag) => !lacking.includes(tag)));
const only = (...tags: readonly Language[]): ReadonlySet<string> => new Set(tags);

/** Of the 24 languages an interview can be held in, those that each family of streaming models was published for. */
const spoken: readonly (readonly [engine: SpeechService["engine"], model: RegExp, languages: ReadonlySet<string>])[] = [
  ["deepgram", /^nova-3(-general)?$/, except("ga", "mt")],
  ["deepgram", /^nova-2(-general)?$/, except("ga", "hr", "mt", "sl")],
  // Medical, phone call and other special models.
  ["deepgram", /^nova-[23]-/, only("en")],
  ["deepgram", /^flux-.*-en$/, only("en")],
  // Ten languages, of which Hindi, Japanese and Russian are none of ours.
  ["deepgram", /^flux-.*-multi$/, only("de", "en", "es", "fr", "it", "nl", "pt")],
  ["openai", /^/, except("ga", "mt")],
  ["offline", /^/, only("en")],
  ["none", /^/, only()],
];

/** Whether a model of Deepgram's hears turns of a talk, by another protocol than the rest of its models. */
export const isTurnBased = (model: string): boolean => model.startsWith("flux");

/** Whether this service writes down this language. A model we do not know is believed to: what it lacks it refuses itself. */
export function understands({ engine, model }: SpeechService, language: string): boolean {
  const tag = language.toLowerCase().split(/[-_]/)[0] ?? "";
  const family = spoken.find(([whose, name]) => whose === engine && name.test(model));
  return family ? family[2].has(tag) : true;
}

/** For people, in the pages' language: `The speech service does not understand Maltese`. No full stop: more may follow. */
export const notUnderstood = ({ engine }: SpeechService, language: string): string =>
  `${engine === "offline" ? "Offline speech" : "The speech service"} does not understand ${englishName(language)}`;

export const englishName = (language: string): string =>
  (Object.hasOwn(languages, language) && new Intl.DisplayNames("en", { type: "language" }).of(language)) || language;
