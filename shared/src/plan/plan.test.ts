import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtInTemplates } from "./built-in.ts";
import { suggestByRules } from "./by-rules.ts";
import { isTouched } from "./live-plan.ts";
import { progressOf } from "./progress.ts";
import { remaining } from "./remaining.ts";
import { answersOf, type Said, stem, wordsIn } from "./said.ts";
import { Template } from "./template.ts";

const template: Template = {
  name: "Backend engineer",
  minutes: 45,
  competencies: [
    { name: "Systems", description: "Designs systems.", keyTerms: ["database", "queue"], good: "" },
    { name: "Team", description: "Works with others.", keyTerms: ["colleague"], good: "" },
  ],
  questions: [
    { text: "Which system that you built are you proudest of?", competency: "Systems" },
    { text: "Tell me about a disagreement with a colleague.", competency: "Team" },
    { text: "Why?", competency: "" },
  ],
};

/** A talk in lines: "I: …" of an interviewer, "C: …" of the candidate, one second each. */
const talk = (...lines: readonly string[]): Said[] =>
  lines.map((line, at) => ({
    segmentId: `s${at}`,
    candidate: line.startsWith("C"),
    startMs: at * 1_000,
    endMs: at * 1_000 + 900,
    text: line.slice(3),
  }));

describe("a template", () => {
  it("of those that come with Verbatim is one by its own words", () => {
    for (const each of builtInTemplates) expect(Template.parse(each)).toEqual(each);
    expect(new Set(builtInTemplates.map(({ name }) => name)).size).toBe(builtInTemplates.length);
  });

  it.each([
    [{ ...template, questions: [{ text: "Who?", competency: "Nobody" }] }, "questions.0.competency"],
    [
      { ...template, competencies: [template.competencies[0], template.competencies[0]], questions: [] },
      "competencies.1.name",
    ],
    [{ ...template, questions: [{ text: " ", competency: "" }] }, "questions.0.text"],
    [{ ...template, minutes: 4 }, "minutes"],
  ])("names the field that is wrong", (wrong, field) => {
    expect(Template.safeParse(wrong).error?.issues.map(({ path }) => path.join("."))).toContain(field);
  });
});

describe("answers", () => {
  it("are what the candidate said between turns; a short word of the interviewer ends none", () => {
    const answers = answersOf(
      talk(
        "I: what did you build there",
        "C: a queue",
        "I: mhm",
        "C: and a database",
        "I: how long did it take",
        "C: a year",
      ),
    );
    expect(answers.map(({ segments }) => segments.map(({ segmentId }) => segmentId))).toEqual([["s1", "s3"], ["s5"]]);
    expect(answers.map(({ words, endMs }) => [words, endMs])).toEqual([
      [5, 3_900],
      [2, 5_900],
    ]);
  });

  it("hold every segment of the candidate once, in order", () => {
    const line = fc.tuple(fc.constantFrom("I", "C"), fc.lorem({ maxCount: 6 })).map(([who, text]) => `${who}: ${text}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const said = talk(...lines);
        const held = answersOf(said).flatMap(({ segments }) => segments);
        expect(held).toEqual(said.filter(({ candidate }) => candidate));
      }),
    );
  });
});

describe("progress", () => {
  it.each([
    ["which system that you have built are you the proudest of", [true, false, false]],
    ["which systems did you build and which are you most proud of", [false, false, false]],
    ["tell me about disagreements with your colleagues", [false, true, false]],
    ["why", [false, false, true]],
    ["so how was your journey", [false, false, false]],
  ])("ticks what was asked: %s", (line, asked) => {
    expect(progressOf(template, talk(`I: ${line}`)).asked.map((at) => at !== null)).toEqual(asked);
  });

  it("hears one turn in pieces, and nothing that the candidate says", () => {
    const pieces = talk("I: tell me about a disagreement", "I: with a colleague", "C: why which system built proudest");
    expect(progressOf(template, pieces).asked).toEqual([null, "s1", null]);
  });

  it("counts key terms that the candidate said, in any form, and none that the interviewer said", () => {
    const said = talk("I: and a colleague and a queue", "C: we had two databases");
    expect(progressOf(template, said).heard).toEqual([["database"], []]);
  });
});

it("a key term of several words was said when they stand together, with a hyphen or without", () => {
  const of = (keyTerms: string[]): Template => ({
    ...template,
    questions: [],
    competencies: [{ name: "Systems", description: "", keyTerms, good: "" }],
  });
  const heard = (text: string) => progressOf(of(["trade-off", "back pressure"]), talk(`C: ${text}`)).heard[0];
  expect(heard("every trade-off, and back pressures")).toEqual(["trade-off", "back pressure"]);
  expect(heard("a trade off")).toEqual(["trade-off"]);
  expect(heard("the back office was under pressure")).toEqual([]);
  const [draft] = suggestByRules(of(["back pressure"]), talk("C: we felt the back pressure then"), new Set());
  expect(draft).toMatchObject({ competency: "Systems", quote: { text: "we felt the back pressure then" } });
});

it("a competency without key terms is touched by its questions", () => {
  const questions = [{ competency: "Team", asked: true }];
  expect(isTouched({ name: "Team", terms: 0, heard: [] }, questions)).toBe(true);
  expect(isTouched({ name: "Team", terms: 1, heard: [] }, questions)).toBe(false);
  expect(isTouched({ name: "Systems", terms: 0, heard: [] }, questions)).toBe(false);
  const competencies = template.competencies.map((each) => ({ ...each, keyTerms: [] }));
  const drafts = suggestByRules({ ...template, competencies }, talk("C: we did that"), new Set([0, 1]));
  expect(drafts.map(({ text }) => text)).toEqual(["Why?"]);
});

it("the remaining time is good for as many questions as there are minutes", () => {
  expect(remaining(600_000, 0, 3)).toEqual({ minutes: 10, questions: 3, each: 3 });
  expect(remaining(150_000, 0, 6)).toEqual({ minutes: 2, questions: 2, each: 1 });
  expect(remaining(0, 60_000, 6)).toEqual({ minutes: 0, questions: 0, each: 0 });
  expect(remaining(600_000, 0, 0)).toBeUndefined();
});

describe("suggestions by rules", () => {
  it("ask what is planned and was not asked, competencies nothing was heard of first", () => {
    const said = talk("I: which system that you built are you proudest of", "C: the big database of the bank");
    const drafts = suggestByRules(template, said, new Set([0]));
    expect(drafts.map(({ competency }) => competency)).toEqual(["Systems", "Team", ""]);
    expect(drafts[0]?.quote).toEqual({ segmentId: "s1", from: 0, to: 6, text: "the big database of the bank" });
    expect(drafts[1]?.text).toBe(template.questions[1]!.text);
  });

  it("notice an answer much shorter than the others, and quote its end", () => {
    const long = "C: we did this and that and then we did something else because it was needed at that time";
    const ask = "I: and what came after that";
    const said = talk(ask, long, ask, long, ask, long, ask, "C: not much");
    const [first] = suggestByRules(template, said, new Set());
    expect(first).toMatchObject({ quote: { segmentId: "s7", text: "not much" } });
    expect(suggestByRules(template, said.slice(0, -2), new Set())[0]?.quote).toBeNull();
  });

  it("are all that there are: one key term stands before what is planned, the others behind it", () => {
    const competencies = [{ name: "Systems", description: "", keyTerms: ["cache", "queue", "shard"], good: "" }];
    const drafts = suggestByRules({ ...template, competencies }, talk("C: a cache and a queue and a shard"), new Set());
    const terms = drafts.map(({ text }) => /You mentioned “(\w+)”/.exec(text)?.[1]);
    expect(terms).toEqual(["cache", ...template.questions.map(() => undefined), "queue", "shard"]);
  });

  it("quote what was said and nothing else", () => {
    const text = fc.array(fc.constantFrom("database", "queues", "colleague,", "we", "the", "why"), {
      minLength: 1,
      maxLength: 12,
    });
    const line = fc.tuple(fc.constantFrom("I", "C"), text).map(([who, words]) => `${who}: ${words.join(" ")}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const said = talk(...lines);
        const drafts = suggestByRules(template, said, new Set());
        for (const { quote } of drafts) {
          if (!quote) continue;
          const from = said.find(({ segmentId, candidate }) => candidate && segmentId === quote.segmentId);
          expect(
            wordsIn(from?.text ?? "")
              .slice(quote.from, quote.to)
              .join(" "),
          ).toBe(quote.text);
        }
      }),
    );
  });
});

it.each([
  ["Tests,", "test"],
  ["tested", "test"],
  ["bus", "bus"],
  ["Größe", "größ"],
])("the stem of %s", (word, expected) => expect(stem(word)).toBe(expected));
