import { expect, it } from "vitest";
import { noticeLanguages } from "@verbatim/shared/languages";
import { noticeFor, ownText } from "./notice.ts";
import type { NoticeFacts } from "./notice-facts.ts";

const facts: NoticeFacts = {
  organisation: "Acme",
  host: "Anna Host",
  contact: "anna@example.org",
  keptMonths: 3,
  engine: "deepgram",
  suggestions: "none",
  recorded: { picture: false, chat: false },
};
const whole = (language: string, change: Partial<NoticeFacts> = {}, own = ""): string => {
  const { fixed, text } = noticeFor(language, { ...facts, ...change }, own);
  return [...fixed.text, ...text].join("\n");
};

it.each(noticeLanguages)(
  "in %s it names organisation, contact, AI, watchers' number and how long it is kept",
  (language) => {
    const text = whole(language);
    for (const fact of ["Acme", "Anna Host, anna@example.org", "Deepgram", "3 ", "Stop recording me"]) {
      expect(text).toContain(fact);
    }
    expect(noticeFor(language, facts, "")).toMatchObject({ language, fixed: { language }, own: false });
    expect(ownText(language)).toContain("\n\n");
  },
);

it.each(noticeLanguages)("in %s what is recorded and which AI is used follow the settings", (language) => {
  const fixed = (change: Partial<NoticeFacts>) =>
    noticeFor(language, { ...facts, ...change }, "Our own words.").fixed.text;
  const variants = [
    {},
    { recorded: { picture: true, chat: false } },
    { recorded: { picture: false, chat: true } },
    { engine: "openai" as const },
    { engine: "offline" as const },
    { engine: "none" as const },
    { suggestions: "openai" as const },
    { suggestions: "other" as const },
  ].map((change) => fixed(change).join(" "));
  expect(new Set(variants).size).toBe(variants.length);
  expect(variants.filter((text) => text.includes("Deepgram"))).toHaveLength(5);
  expect(variants.filter((text) => text.includes("OpenAI"))).toHaveLength(2);
});

it("has another version with every change of a word, and the same one as long as nothing changed", () => {
  const version = (change: Partial<NoticeFacts>, own = "") => noticeFor("en", { ...facts, ...change }, own).version;
  expect(version({})).toBe(version({}));
  const versions = [
    version({}),
    version({ contact: "+43 1" }),
    version({ keptMonths: 4 }),
    version({ recorded: { picture: true, chat: false } }),
    version({}, "Our own words."),
  ];
  expect(new Set(versions).size).toBe(versions.length);
});

it.each(noticeLanguages)(
  "in %s words of the organisation's own leave out nothing that people must know",
  (language) => {
    const text = whole(language, {}, "Our own words.");
    for (const fact of ["Acme", "Anna Host, anna@example.org", "Deepgram", "3 "]) expect(text).toContain(fact);
    expect(text).not.toContain("Stop recording me");
  },
);

it("says in English that it is not translated, until somebody writes it", () => {
  expect(noticeFor("mt", facts, "")).toMatchObject({ language: "en", fixed: { language: "en" }, own: false });
  expect(whole("mt")).toContain("held in Malti. This notice is not translated yet");
  const own = noticeFor("mt", facts, "L-ewwel.\n\n  It-tieni. ");
  expect(own).toMatchObject({ language: "mt", fixed: { language: "en" }, text: ["L-ewwel.", "It-tieni."], own: true });
});

it.each([
  [1, "1 miesiąc "],
  [3, "3 miesiące "],
  [12, "12 miesięcy "],
  [22, "22 miesiące "],
])("counts months in Polish: %i", (keptMonths, said) => {
  expect(whole("pl", { keptMonths })).toContain(said);
});
