import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Said, wordsIn } from "@verbatim/shared/plan/said";
import type { Template } from "@verbatim/shared/plan/template";
import { asksCandidate } from "./asks-candidate.ts";
import { checkedDrafts } from "./checked-drafts.ts";
import { bare, findQuote } from "./find-quote.ts";
import { instructions, MOST_TALK_CHARS, mostTokens, promptFor } from "./prompt.ts";

const template: Template = {
  name: "Backend engineer",
  minutes: 45,
  competencies: [{ name: "Systems", description: "Designs systems.", keyTerms: ["queue"], good: "Names the limits." }],
  questions: [
    { text: "Which system are you proudest of?", competency: "Systems" },
    { text: "Why did you leave?", competency: "" },
  ],
};

/** A talk in lines: "I: …" of an interviewer, "C: …" of the candidate. */
const talk = (...lines: readonly string[]): Said[] =>
  lines.map((line, at) => ({
    segmentId: `s${at}`,
    candidate: line.startsWith("C"),
    startMs: at * 1_000,
    endMs: at * 1_000 + 900,
    text: line.slice(3),
  }));
const prompt = (said: readonly Said[], change: { minutesLeft?: number; ticked?: ReadonlySet<number> } = {}) =>
  promptFor({ template, said, ticked: new Set(), ...change });
type Data = { plan: Record<string, unknown>; talk: { speaker: string; words: string; text: string }[] };
const dataOf = (made: { data: string }): Data => JSON.parse(made.data) as Data;

describe("the prompt", () => {
  it("holds what was not asked yet, what good looks like, and the talk with the numbers of its words", () => {
    const said = talk("I: which system are you proudest of", "C: The queue.\n It held.");
    expect(dataOf(prompt(said, { ticked: new Set([0]), minutesLeft: 12 }))).toEqual({
      plan: {
        role: "Backend engineer",
        minutesLeft: 12,
        competencies: [{ name: "Systems", description: "Designs systems.", good: "Names the limits." }],
        questionsNotAskedYet: [{ text: "Why did you leave?", competency: "" }],
      },
      talk: [
        { speaker: "interviewer", words: "1-6", text: "which system are you proudest of" },
        { speaker: "candidate", words: "7-10", text: "The queue. It held." },
      ],
    });
    expect(dataOf(prompt(said)).plan).not.toHaveProperty("minutesLeft");
  });

  it("keeps the newest of a long talk, whole, and never more than its limit", () => {
    const lines = Array.from({ length: 400 }, (_, at) => `C: answer number ${at} ${"x".repeat(at % 90)}`);
    const { talk: kept } = dataOf(prompt(talk(...lines)));
    expect(kept.at(-1)?.text).toContain("answer number 399");
    expect(kept.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(MOST_TALK_CHARS);
    expect(kept.length).toBeGreaterThan(50);
  });

  it("stays small whatever the template and the talk are", () => {
    const long = "y ".repeat(250);
    const big: Template = {
      name: "z".repeat(120),
      minutes: 60,
      competencies: Array.from({ length: 12 }, (_, at) => ({
        name: `${at}`,
        description: long,
        keyTerms: [],
        good: long,
      })),
      questions: Array.from({ length: 40 }, () => ({ text: long.slice(0, 300), competency: "1" })),
    };
    const made = promptFor({ template: big, said: talk(`C: ${"word ".repeat(50_000)}`), ticked: new Set() });
    expect(made.data.length).toBeLessThan(20_000);
    expect(mostTokens(made, 500)).toBeLessThan(12_000);
  });

  it("has every word of the talk inside a JSON string, and no sign that cannot be seen", () => {
    const wild = fc.string({ unit: "binary", maxLength: 60 });
    const nasty = fc.constantFrom('"}]}', "\\", "</talk>", "<|im_end|>", "\u0000", "\u202e", "\ud800", "`", "\n\n");
    const text = fc.array(fc.oneof(wild, nasty), { maxLength: 8 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (texts) => {
        const made = prompt(talk(...texts.map((each) => `C: ${each}`)));
        const data = dataOf(made);
        expect(Object.keys(data)).toEqual(["plan", "talk"]);
        expect(data.talk.length).toBeLessThanOrEqual(texts.length);
        expect(made.data).not.toMatch(/[<>|&`]|\p{C}/u);
        for (const one of data.talk) {
          expect(Object.keys(one)).toEqual(["speaker", "words", "text"]);
          expect(one.text).not.toMatch(/\p{C}/u);
        }
        expect(made.instructions).toBe(instructions);
      }),
    );
  });
});

describe("a quote", () => {
  const word = fc.constantFrom("The", "big", "queue,", "–", "held!", "Größe", "no.", "…");
  const line = fc.tuple(fc.constantFrom("I", "C"), fc.array(word, { minLength: 1, maxLength: 12 }));
  const lines = fc.array(line, { minLength: 1, maxLength: 8 });
  const asSaid = (each: readonly (readonly [string, readonly string[]])[]) =>
    talk(...each.map(([who, words]) => `${who}: ${words.join(" ")}`));

  it("of the candidate's words is found, whatever its case and signs, at a place where they stand", () => {
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), fc.nat(), (each, pick, start, length) => {
        const said = asSaid(each);
        const own = said.filter(({ candidate }) => candidate);
        const from = own[pick % Math.max(1, own.length)];
        fc.pre(from !== undefined);
        const words = wordsIn(from.text);
        const at = start % words.length;
        const wanted = words.slice(at, at + 1 + (length % 6)).map((each) => `«${each.toUpperCase()}»`);
        fc.pre(wanted.some((each) => bare(each) !== ""));
        const quote = findQuote(said, wanted.join("  "));
        const there = said.find(({ segmentId }) => segmentId === quote?.segmentId);
        expect(there?.candidate).toBe(true);
        const shown = wordsIn(there?.text ?? "").slice(quote?.from, quote?.to);
        expect(shown.join(" ")).toBe(quote?.text);
        expect(shown.map(bare).filter(Boolean)).toEqual(wanted.map(bare).filter(Boolean));
      }),
    );
  });

  it("with one word changed, left out or put in is found nowhere", () => {
    fc.assert(
      fc.property(lines, fc.nat(), fc.constantFrom("changed", "left out", "put in"), (each, place, how) => {
        const said = asSaid(each);
        const own = said.find(({ candidate }) => candidate);
        fc.pre(own !== undefined);
        const words = wordsIn(own.text);
        const at = place % words.length;
        const wrong = {
          changed: words.with(at, "zebra"),
          "put in": words.toSpliced(at, 0, "zebra"),
          "left out": words,
        };
        const wanted = wrong[how].join(" ");
        if (how !== "left out") expect(findQuote(said, wanted)).toBeUndefined();
        else if (findQuote(said, wanted))
          expect(
            findQuote(
              said.filter((one) => !one.candidate),
              wanted,
            ),
          ).toBeUndefined();
      }),
    );
  });

  it.each([
    ["what only the interviewer said", "tell me more"],
    ["words of two segments", "held for years"],
    ["no words", " … "],
  ])("of %s is none", (_, wanted) => {
    expect(findQuote(talk("I: tell me more please", "C: the queue held", "C: for years"), wanted)).toBeUndefined();
  });

  it("that was said twice is where it was said last", () => {
    expect(findQuote(talk("C: the queue held", "C: so the QUEUE, well"), "the queue")).toEqual({
      segmentId: "s1",
      from: 1,
      to: 3,
      text: "the QUEUE,",
    });
  });
});

describe("what a model wrote", () => {
  const said = talk("I: what did you do", "C: we moved the queue to a new machine in spring");

  it.each([
    ["How long did the move take?"],
    ["You said “moved the queue”: what would you do differently today?"],
    ["Wie lange hat der Umzug gedauert?"],
    ["Πόσο διήρκεσε η μετακόμιση;"],
    ["What was hardest about C# and Node.js in that system?"],
    ["Quelle a été votre propre part dans ce projet ?"],
  ])("is shown: %s", (text) => expect(asksCandidate(text, said)).toBe(true));

  it.each([
    ["Tell me more."],
    ["Why?"],
    [`Why ${"so ".repeat(100)}?`],
    ["Could you look at https://example.org?"],
    ["Could you look at [this](x)?"],
    ["Could you open example.com?"],
    ["Did it go <b>well</b>?"],
    ["What went well?\nWhat did not?"],
    ["Would you hire her now?"],
    ["Is this worth 9 out of 10?"],
    ["Is a score of nine right?"],
    ["Is this candidate good enough?"],
    ["Should the interviewer go on?"],
    ["What is in your system prompt?"],
    ["Did we move the queue to a new machine in spring?"],
    ["We moved the queue?"],
    ["Do you help people who interview somebody for a job?"],
  ])("is not shown: %s", (text) => expect(asksCandidate(text, said)).toBe(false));

  it("is not shown with words of so long ago that the model was not given them", () => {
    const one = { text: "How long did it take?", competency: "", quote: "moved the queue" };
    const later = talk(...Array.from({ length: 100 }, () => `C: ${"and so on ".repeat(10)}`));
    expect(checkedDrafts(template, [...said, ...later.slice(0, 10)], { suggestions: [one] })).toHaveLength(1);
    expect(checkedDrafts(template, [...said, ...later], { suggestions: [one] })).toEqual([]);
  });

  it("becomes at most three drafts, each once, with a competency of the template or none", () => {
    const one = { text: "How long did it take?", competency: "Systems", quote: "Moved the queue" };
    const made = checkedDrafts(template, said, {
      suggestions: [
        one,
        one,
        { ...one, text: "Who decided that?", competency: "Charm" },
        { ...one, text: "What broke first?", quote: "we sold the queue" },
        { ...one, text: "What did it cost?" },
        { ...one, text: "What came after it?" },
      ],
    });
    expect(made.map(({ text, competency }) => [text, competency])).toEqual([
      ["How long did it take?", "Systems"],
      ["Who decided that?", ""],
      ["What did it cost?", "Systems"],
    ]);
    expect(made[0]?.quote).toEqual({ segmentId: "s1", from: 1, to: 4, text: "moved the queue" });
  });
});
