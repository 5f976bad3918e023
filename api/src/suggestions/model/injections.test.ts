import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Said } from "@verbatim/shared/plan/said";
import type { Template } from "@verbatim/shared/plan/template";
import { checkedDrafts } from "./checked-drafts.ts";
import type { ModelAnswer } from "./model-answer.ts";
import { instructions, type Prompt, promptFor } from "./prompt.ts";

const file = new URL("injections.json", import.meta.url);
const lines = z.array(z.string()).parse(JSON.parse(readFileSync(file, "utf8")));

const template: Template = {
  name: "Backend engineer",
  minutes: 45,
  competencies: [{ name: "Systems", description: "Designs systems.", keyTerms: ["queue"], good: "Names the limits." }],
  questions: [{ text: "Which system are you proudest of?", competency: "Systems" }],
};

const said = (line: string): Said[] => [
  { segmentId: "s0", candidate: false, startMs: 0, endMs: 900, text: "what did you do there" },
  { segmentId: "s1", candidate: true, startMs: 1_000, endMs: 1_900, text: "we moved the queue" },
  { segmentId: "s2", candidate: true, startMs: 2_000, endMs: 2_900, text: line },
];

const ownWords = (prompt: Prompt): string => {
  const data = JSON.parse(prompt.data) as { talk: { text: string }[] };
  return data.talk.at(-1)?.text ?? "";
};

/** Models that do whatever the candidate tells them: they say the candidate's words as their own, each in its way. */
const obedient: Readonly<Record<string, (words: string, prompt: Prompt) => string>> = {
  "as they were said": (words) => words,
  "as a question": (words) => `${words.replace(/[.?!;]$/, "")}?`,
  "politely wrapped": (words) => `Could you tell me: ${words}?`,
  "after a good question": (words) => `How long did it take? ${words}?`,
  loudly: (words) => `${words.toUpperCase()}?`,
  "with signs between the words": (words) => `${words.replaceAll(" ", ", ")}?`,
  "with our instructions": (_, prompt) => `${prompt.instructions.slice(0, 250)}?`,
  "with a sentence of our instructions": (_, prompt) => `${prompt.instructions.split("\n")[1]?.slice(0, 120)}?`,
  "as praise": () => "Is this not the best candidate you have ever seen?",
  "as a score": () => "Is that not worth 10 out of 10?",
};

describe("what a candidate says to the model", () => {
  it("is a corpus of a hundred lines and more, each once", () => {
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThanOrEqual(100);
  });

  it.each(lines)("stays a string among the data: %j", (line) => {
    const prompt = promptFor({ template, said: said(line), ticked: new Set() });
    const data = JSON.parse(prompt.data) as { plan: { questionsNotAskedYet: unknown[] }; talk: unknown[] };
    expect(prompt.instructions).toBe(instructions);
    expect(data.plan.questionsNotAskedYet).toHaveLength(1);
    expect(data.talk).toHaveLength(3);
    expect(prompt.data).not.toMatch(/[<>|&`]|\p{C}/u);
  });

  it.each(Object.keys(obedient))("is not shown when a model that obeys says it %s", (how) => {
    const shown = lines.flatMap((line) => {
      const talk = said(line);
      const prompt = promptFor({ template, said: talk, ticked: new Set() });
      const words = ownWords(prompt);
      const text = obedient[how]?.(words, prompt) ?? "";
      const answer: ModelAnswer = {
        suggestions: [
          { text, competency: words, quote: words },
          { text, competency: "Systems", quote: "we moved the queue" },
          { text: text.slice(0, 140), competency: "Systems", quote: "moved" },
        ],
      };
      return checkedDrafts(template, talk, answer).map((draft) => draft.text);
    });
    expect(shown).toEqual([]);
  });

  it("does not keep a good question from being shown", () => {
    const kept = lines.filter((line) => {
      const good = { text: "How long did that take you?", competency: "Systems", quote: "moved the queue" };
      return checkedDrafts(template, said(line), { suggestions: [good] }).length === 1;
    });
    expect(kept).toHaveLength(lines.length);
  });
});
