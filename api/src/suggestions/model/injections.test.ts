import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Said } from "@verbatim/shared/plan/said";
import type { Template } from "@verbatim/shared/plan/template";
import { checkedDrafts } from "./checked-drafts.ts";
import type { ModelAnswer } from "./model-answer.ts";
import { instructions, type Prompt, promptFor } from "./prompt.ts";

const run = promisify(execFile);
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

/** What people would read if a model obeyed this line in this way. */
function shownOf(line: string, how: string): string[] {
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
}

/** Those that a voice can say, signs of markup being none. */
const spoken = lines.filter((line) => /^[a-z ,.']+$/i.test(line)).slice(0, 6);

/** Spoken by one program and written down by another. */
async function understood(line: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-spoken-"));
  try {
    const file = path.join(folder, "said.wav");
    await run("flite", ["-voice", "rms", "-t", line, "-o", file]);
    const { stdout } = await run("pocketsphinx_continuous", ["-infile", file, "-logfn", "/dev/null"]);
    return stdout.trim().replaceAll("\n", " ");
  } finally {
    await rm(folder, { recursive: true });
  }
}

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
    expect(lines.flatMap((line) => shownOf(line, how))).toEqual([]);
  });

  it("is not shown either when it is spoken, whatever speech recognition makes of it", async () => {
    const heard = await Promise.all(spoken.map(understood));
    for (const [index, words] of heard.entries()) expect(words.split(" ").length, spoken[index]).toBeGreaterThan(4);
    expect(heard.flatMap((line) => Object.keys(obedient).flatMap((how) => shownOf(line, how)))).toEqual([]);
  });

  it("does not keep a good question from being shown", () => {
    const kept = lines.filter((line) => {
      const good = { text: "How long did that take you?", competency: "Systems", quote: "moved the queue" };
      return checkedDrafts(template, said(line), { suggestions: [good] }).length === 1;
    });
    expect(kept).toHaveLength(lines.length);
  });
});
