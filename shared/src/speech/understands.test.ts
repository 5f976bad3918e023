import { describe, expect, it } from "vitest";
import { languageTags } from "../languages.ts";
import type { SpeechService } from "./service.ts";
import { notUnderstood, understands } from "./understands.ts";

const lacking = (engine: SpeechService["engine"], model: string): string =>
  languageTags.filter((tag) => !understands({ engine, model }, tag)).join(" ");
const notEnglish = languageTags.filter((tag) => tag !== "en").join(" ");

describe("what a speech service understands", () => {
  it.each([
    ["deepgram", "nova-3", "ga mt"],
    ["deepgram", "nova-2", "ga hr mt sl"],
    ["deepgram", "nova-2-phonecall", notEnglish],
    ["deepgram", "nova-3-medical", notEnglish],
    ["deepgram", "flux-general-en", notEnglish],
    ["deepgram", "flux-general-multi", languageTags.filter((tag) => !/^(de|en|es|fr|it|nl|pt)$/.test(tag)).join(" ")],
    ["deepgram", "a model of our own", ""],
    ["openai", "gpt-live-transcribe", "ga mt"],
    ["offline", "offline", notEnglish],
    ["none", "", languageTags.join(" ")],
  ] as const)("is what %s has %s for: all but %s", (engine, model, all) => {
    expect(lacking(engine, model)).toBe(all);
  });

  it("is asked by the language alone, wherever it is spoken", () => {
    expect(understands({ engine: "offline", model: "offline" }, "en-GB")).toBe(true);
    expect(understands({ engine: "deepgram", model: "nova-3" }, "mt-MT")).toBe(false);
  });

  it("is told in the pages' language", () => {
    expect(notUnderstood({ engine: "deepgram", model: "nova-3" }, "mt")).toBe(
      "The speech service does not understand Maltese",
    );
    expect(notUnderstood({ engine: "offline", model: "offline" }, "no such")).toBe(
      "Offline speech does not understand no such",
    );
  });
});
