import { describe, expect, it } from "vitest";
import { editInterview } from "@verbatim/shared/api/changes";
import { createInterview, getInterview, getReview } from "@verbatim/shared/api/interviews";
import { listTemplates, markSuggestion, tickQuestion } from "@verbatim/shared/api/plan";
import { documentSegmentId } from "@verbatim/shared/document/live";
import type { Suggestion } from "@verbatim/shared/plan/suggestion";
import type { Template } from "@verbatim/shared/plan/template";
import { useHarness } from "../../test/harness.ts";
import { draft, gather, paramsOf } from "../../test/scene.ts";
import { talking } from "../../test/talking.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

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
    { text: "Why did you leave?", competency: "" },
  ],
};

const talk = () => talking(harness, staff, template);

describe("a template", () => {
  it("comes with Verbatim, more than one, for people with an account", async () => {
    expect((await staff.call(listTemplates, {})).templates.length).toBeGreaterThan(2);
    expect((await harness.browser().try(listTemplates, {}, undefined)).status).toBe(401);
  });

  it("is kept by the interview as its own copy, changed while it has not begun, and taken away by null", async () => {
    const made = await staff.call(createInterview, {}, { ...draft, template });
    const params = { interviewId: made.id };
    expect(made.template).toEqual(template);
    expect((await staff.call(editInterview, params, { ...draft, title: "Another" })).template).toEqual(template);
    const shorter = { ...template, minutes: 30 };
    expect((await staff.call(editInterview, params, { ...draft, template: shorter })).template).toEqual(shorter);
    expect((await staff.call(editInterview, params, { ...draft, template: null })).template).toBeNull();
  });

  it("is refused with the field's name, and nothing is made", async () => {
    const wrong = { ...template, questions: [{ text: "Who?", competency: "Nobody" }] };
    expect(await staff.try(createInterview, {}, { ...draft, template: wrong })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("template.questions.0.competency") as string },
    });
  });

  it("stays as it is once people are in the call", async () => {
    using made = await talk();
    const params = { interviewId: made.interview.id };
    expect((await staff.try(editInterview, params, { ...draft, template: null })).status).toBe(409);
    expect((await staff.call(getInterview, params)).template).toEqual(template);
  });
});

describe("during the talk", () => {
  it("questions tick themselves, key terms are counted, and what was not asked is suggested with the candidate's words", async () => {
    using made = await talk();
    await until(made.plan, Boolean);
    expect(made.suggestions()).toEqual([]);
    await made.ask(1_000, "which system that you built are you proudest of");
    await made.answer(5_000, "the big database of the bank");
    await until(made.suggestions, (list) => list.length === 3);
    expect(made.plan()?.questions.map(({ asked, byName }) => [asked, byName])).toEqual([
      [true, ""],
      [false, ""],
      [false, ""],
    ]);
    expect(made.plan()?.competencies.map(({ heard }) => heard)).toEqual([["database"], []]);
    const quoted = made.suggestions().find(({ quote }) => quote);
    expect(quoted).toMatchObject({
      source: "rules",
      state: "open",
      competency: "Systems",
      quote: {
        segmentId: documentSegmentId(1, made.candidate.seatId, 5_000),
        text: "the big database of the bank",
      },
    });
  });

  it("an answer's questions come while the interviewer talks on", async () => {
    using made = await talk();
    await made.answer(5_000, "the big database of the bank");
    await until(
      async () => {
        await made.asking(7_000, `and when did you ${"then ".repeat(made.suggestions().length + 1)}`);
        return made.suggestions();
      },
      (list) => list.some(({ quote }) => quote !== null),
    );
  });

  it("a person's tick stands over what is heard, is everybody's, and takes the question out of the suggestions", async () => {
    using made = await talk();
    await made.answer(1_000, "we moved the money");
    await until(made.suggestions, (list) => list.some(({ text }) => text === template.questions[2]!.text));
    const observer = made.observers[0]!;
    await observer.browser.call(tickQuestion, paramsOf(observer), { question: 2, asked: true });
    await until(made.plan, (plan) => plan?.questions[2]?.byName === "Observer 1");
    await until(made.suggestions, (list) => list.every(({ text }) => text !== template.questions[2]!.text));
    await staff.call(tickQuestion, paramsOf(made.host), { question: 0, asked: false });
    await made.ask(9_000, "which system that you built are you proudest of");
    await made.ask(15_000, "tell me about a disagreement with a colleague");
    await until(made.plan, (plan) => plan?.questions[1]?.asked === true);
    expect(made.plan()?.questions[0]?.asked).toBe(false);
  });

  it("a suggestion that was pinned stays, one that was dismissed or asked goes, and none comes again in the same words", async () => {
    using made = await talk();
    await made.answer(1_000, "we moved the money");
    const [first, second, third] = await until(made.suggestions, (list) => list.length === 3);
    const mark = (one: Suggestion | undefined, state: Suggestion["state"]) =>
      staff.call(markSuggestion, paramsOf(made.host), { suggestionId: one!.id, state });
    await mark(first, "pinned");
    await mark(second, "dismissed");
    await mark(third, "asked");
    const kept = await until(made.suggestions, (list) => list.length === 1);
    expect(kept[0]).toMatchObject({ id: first!.id, state: "pinned", byName: "Grace Hopper" });
    await made.answer(9_000, "and the queue was long");
    await until(made.suggestions, (list) => list.some(({ quote }) => quote !== null));
    const texts = made.suggestions().map(({ text }) => text);
    expect(texts).toContain(first!.text);
    expect(texts).not.toContain(second!.text);
    expect(texts).not.toContain(third!.text);
    expect(await staff.try(markSuggestion, paramsOf(made.host), { suggestionId: "no", state: "open" })).toMatchObject({
      status: 404,
    });
  });

  it("what is dismissed leaves its place to what is planned next, and a tick that is taken back brings its question back", async () => {
    const more = ["What would you do first here?", "What do you want to learn?"];
    const questions = [...template.questions, ...more.map((text) => ({ text, competency: "" }))];
    using made = await talking(harness, staff, { ...template, questions });
    const are = (...which: number[]) =>
      until(made.suggestions, (list) => {
        const wanted = new Set(which.map((at) => questions[at]!.text));
        return list.length === wanted.size && list.every(({ text }) => wanted.has(text));
      });
    await made.answer(1_000, "we moved the money");
    await are(0, 1, 2);
    await staff.call(tickQuestion, paramsOf(made.host), { question: 0, asked: true });
    await until(made.suggestions, (list) => list.every(({ text }) => text !== questions[0]!.text));
    await staff.call(tickQuestion, paramsOf(made.host), { question: 0, asked: false });
    for (const { id } of await are(0, 1, 2)) {
      await staff.call(markSuggestion, paramsOf(made.host), { suggestionId: id, state: "dismissed" });
    }
    await made.answer(9_000, "and then we went home");
    await are(3, 4);
  });

  it("a second short answer is quoted itself, not the one before it", async () => {
    using made = await talk();
    const short = () => made.suggestions().filter(({ text }) => text.includes("much shorter"));
    const answers = Array<string>(3).fill("we did this and that and something else because it was needed at that time");
    for (const [at, said] of [...answers, "not much"].entries()) {
      await made.ask(at * 10_000, "and what came after that");
      await made.answer(at * 10_000 + 5_000, said);
    }
    await until(short, (list) => list[0]?.quote?.text === "not much");
    await made.ask(50_000, "and what came after that");
    await made.answer(55_000, "no idea");
    await until(short, (list) => list[0]?.quote?.text === "no idea");
    expect(short()).toHaveLength(1);
  });

  it("the review has every one with what became of it, and when its words were said", async () => {
    using made = await talk();
    await made.answer(5_000, "the big database of the bank");
    const list = await until(made.suggestions, (now) => now.some(({ quote }) => quote !== null));
    const quoted = list.find(({ quote }) => quote)!;
    await staff.call(markSuggestion, paramsOf(made.host), { suggestionId: quoted.id, state: "asked" });
    const { recordings } = await staff.call(getReview, { interviewId: made.interview.id });
    expect(recordings[0]?.suggestions.find(({ id }) => id === quoted.id)).toEqual({
      id: quoted.id,
      atMs: 6_800,
      source: "rules",
      text: quoted.text,
      competency: "Systems",
      quote: { text: "the big database of the bank", startMs: 5_000, endMs: 6_750 },
      state: "asked",
      byName: "Grace Hopper",
      providerMs: 0,
    });
  });

  it("the candidate can neither tick nor mark, and nobody can who is not in the call", async () => {
    using made = await talk();
    const { candidate, host } = made;
    const tick = { question: 0, asked: true };
    expect((await candidate.browser.try(tickQuestion, paramsOf(candidate), tick)).status).toBe(403);
    const mark = { suggestionId: "x", state: "pinned" } as const;
    expect((await candidate.browser.try(markSuggestion, paramsOf(candidate), mark)).status).toBe(403);
    await gather(harness, [candidate]);
    expect((await host.browser.try(tickQuestion, paramsOf(host), tick)).body).toMatchObject({ code: "call.absent" });
    expect((await staff.try(tickQuestion, paramsOf(host), { question: 39, asked: true })).status).not.toBe(200);
  });
});
