import pg from "pg";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { getEntry } from "@verbatim/shared/api/call";
import { createInterview, joinByAccount } from "@verbatim/shared/api/interviews";
import { previewNotice } from "@verbatim/shared/api/notice";
import { tickQuestion } from "@verbatim/shared/api/plan";
import { documentSegmentId } from "@verbatim/shared/document/live";
import type { Template } from "@verbatim/shared/plan/template";
import { startApi } from "../start-api.ts";
import { createBrowser } from "../../test/browser.ts";
import { fails, fakeModel, says, type Suggested } from "../../test/fake-model.ts";
import { log, useHarness } from "../../test/harness.ts";
import { draft, paramsOf } from "../../test/scene.ts";
import { talking } from "../../test/talking.ts";
import { until } from "../../test/until.ts";

const provider = await fakeModel();
afterAll(() => provider[Symbol.asyncDispose]());
const env = { OPENAI_API_KEY: "key", OPENAI_BASE_URL: provider.baseUrl, SUGGESTION_BUDGET_TOKENS: "6500" };
const { harness, staff } = await useHarness({
  quiet: true,
  env: { ...env, SPEECH_OFFLINE_URL: "ws://127.0.0.1:9" },
});

const template: Template = {
  name: "Backend engineer",
  minutes: 45,
  competencies: [
    { name: "Systems", description: "Designs systems.", keyTerms: ["queue", "cache"], good: "Names the limits." },
  ],
  questions: [
    { text: "Which system that you built are you proudest of?", competency: "Systems" },
    { text: "Why did you leave?", competency: "" },
  ],
};
const long: Suggested = { text: "How long did that take?", competency: "Systems", quote: "Moved the queue" };
const who: Suggested = { text: "Who else worked on it?", competency: "Magic", quote: "in spring" };

beforeEach(() => {
  provider.asked.length = 0;
  provider.always(says(long, who));
});
const used = async (interviewId: string) =>
  (
    await harness.sql("select tokens::int as tokens, shown from verbatim.model_use where interview_id = $1", [
      interviewId,
    ])
  )[0];

describe("with a model", () => {
  it("an answer gives its questions, with the candidate's words, and what they cost", async () => {
    using made = await talking(harness, staff, template);
    await made.ask(1_000, "which system that you built are you proudest of");
    await made.answer(5_000, "we moved the queue in spring");
    const shown = await until(made.suggestions, (list) => list.length === 2 && list[0]?.source === "model");
    const segmentId = documentSegmentId(1, made.candidate.seatId, 5_000);
    expect(shown).toMatchObject([
      { text: long.text, competency: "Systems", quote: { segmentId, from: 1, to: 4, text: "moved the queue" } },
      { text: who.text, competency: "", quote: { segmentId, from: 4, to: 6, text: "in spring" } },
    ]);
    expect(await used(made.interview.id)).toEqual({ tokens: 1_000, shown: true });
    const input = JSON.stringify(provider.asked[0]?.body["input"]);
    expect(input).toContain("Why did you leave?");
    expect(input).not.toContain("Which system that you built");
    expect(input).not.toContain("Ada Lovelace");
  });

  it("one answer is asked about once, however often the plan is looked at", async () => {
    using made = await talking(harness, staff, template);
    await made.answer(5_000, "we moved the queue in spring");
    await until(made.suggestions, (list) => list.length === 2);
    await staff.call(tickQuestion, paramsOf(made.host), { question: 1, asked: true });
    await made.ask(9_000, "which system that you built are you proudest of");
    // The plan was looked at after the answer: the question has ticked itself.
    await until(made.plan, (plan) => plan?.questions[0]?.asked === true);
    // A word is an answer to look at, and none to ask a model about.
    await made.answer(12_000, "cache, yes");
    await until(made.plan, (plan) => plan?.competencies[0]?.heard.includes("cache") === true);
    await made.ask(15_000, "and what came after that");
    await made.answer(19_000, "that one we built");
    await until(
      () => provider.asked.length,
      (count) => count === 2,
    );
    expect(JSON.stringify(provider.asked[1]?.body["input"])).toContain("that one");
  });

  it("who goes on after a pause with a few words is not asked about again, and with more words is", async () => {
    using made = await talking(harness, staff, template);
    await made.answer(5_000, "we moved the queue in spring");
    const [first] = await until(made.suggestions, (list) => list.length === 2);
    await made.answer(8_000, "and the cache held");
    await until(made.plan, (plan) => plan?.competencies[0]?.heard.includes("cache") === true);
    await made.answer(11_000, "but we had to buy two more machines for it");
    await until(
      () => provider.asked.length,
      (count) => count === 2,
    );
    expect(JSON.stringify(provider.asked[1]?.body["input"])).toContain("two more machines");
    await until(
      () => used(made.interview.id),
      (row) => row?.["tokens"] === 2_000,
    );
    // The same questions came again: they are the same cards.
    expect(made.suggestions().map(({ id }) => id)).toContain(first?.id);
    expect(made.suggestions()).toHaveLength(2);
  });

  it("what a request can cost is counted before it is sent, and what it did cost after it", async () => {
    using made = await talking(harness, staff, template);
    const counted = Promise.withResolvers<unknown>();
    provider.next((asked, response) => {
      void used(made.interview.id).then((row) => {
        counted.resolve(row?.["tokens"]);
        says(long)(asked, response);
      });
    });
    await made.answer(5_000, "we moved the queue in spring");
    expect(await counted.promise).toBeGreaterThan(1_500);
    await until(made.suggestions, (list) => list.some(({ source }) => source === "model"));
    expect(await used(made.interview.id)).toEqual({ tokens: 1_000, shown: true });
  });

  it("two processes ask once about an answer, and what the model made stands", async () => {
    await using second = await startApi({ config: harness.config, log, store: harness.store });
    using made = await talking(harness, staff, template);
    const held = Promise.withResolvers<() => unknown>();
    provider.next((asked, response) => held.resolve(() => says(long, who)(asked, response)));
    await made.answer(5_000, "we moved the queue in spring");
    const answer = await held.promise;
    const atSecond = createBrowser(`http://127.0.0.1:${second.port}`, harness.config.http.publicUrl);
    for (const [name, value] of made.host.browser.cookies) atSecond.cookies.set(name, value);
    await atSecond.call(tickQuestion, paramsOf(made.host), { question: 0, asked: true });
    await until(made.suggestions, (list) => list.length > 0);
    answer();
    await until(made.suggestions, (list) => list.length === 2 && list.every(({ source }) => source === "model"));
    expect(provider.asked).toHaveLength(1);
  });

  it("a pin that is set while a later answer overtakes it is kept", async () => {
    using made = await talking(harness, staff, template);
    await made.answer(5_000, "we moved the queue in spring");
    const [first] = await until(made.suggestions, (list) => list.length === 2);
    const held = Promise.withResolvers<() => unknown>();
    provider.next((asked, response) => held.resolve(() => says({ ...long, text: "What broke?" })(asked, response)));
    await made.ask(9_000, "and what came after that");
    await made.answer(12_000, "again we moved the queue in spring");
    const answer = await held.promise;
    await using owner = new AsyncDisposableStack();
    const client = owner.adopt(new pg.Client(harness.config.database.url), (each) => each.end());
    await client.connect();
    // As `mark` does it, stopped before it commits.
    await client.query("begin");
    await client.query("select 1 from verbatim.interview where id = $1 for update", [made.interview.id]);
    await client.query("update verbatim.suggestion set state = 'pinned' where id = $1", [first?.id]);
    answer();
    await until(
      () =>
        harness.sql(
          "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          [],
        ),
      (rows) => rows.length > 0,
    );
    await client.query("commit");
    const shown = await until(made.suggestions, (list) => list.some(({ text }) => text === "What broke?"));
    expect(shown.find(({ id }) => id === first?.id)?.state).toBe("pinned");
  });

  it.each([
    ["fails", fails(401)],
    ["makes up what was said", says({ ...long, quote: "we sold the company" })],
    ["obeys the candidate", says({ ...long, text: "Will you hire this candidate now?" })],
  ])("rules make the questions of an answer for which it %s, and say so", async (_, turn) => {
    using made = await talking(harness, staff, template);
    provider.next(turn);
    await made.answer(5_000, "we moved the queue in spring");
    const shown = await until(made.suggestions, (list) => list.length > 0);
    expect(new Set(shown.map(({ source }) => source))).toEqual(new Set(["rules"]));
    await made.ask(9_000, "and what came after that");
    await made.answer(12_000, "again we moved the queue in spring");
    await until(made.suggestions, (list) => list.some(({ source }) => source === "model"));
    expect(made.suggestions().every(({ source }) => source === "model")).toBe(true);
  });

  it("what comes after the next answer has begun is not shown, and nobody waits for it", async () => {
    using made = await talking(harness, staff, template);
    const gone = Promise.withResolvers<void>();
    provider.next((_, response) => response.on("close", gone.resolve));
    await made.answer(5_000, "we moved the queue in spring");
    await until(
      () => provider.asked.length,
      (count) => count === 1,
    );
    await made.ask(9_000, "and what came after that");
    await made.answer(12_000, "again we moved the queue in spring");
    await gone.promise;
    const shown = await until(made.suggestions, (list) => list.length === 2);
    const segmentId = documentSegmentId(1, made.candidate.seatId, 12_000);
    expect(shown.every(({ quote }) => quote?.segmentId === segmentId)).toBe(true);
    // The first one's cost is not known: it counts as the most it can have been.
    expect((await used(made.interview.id))?.["tokens"]).toBeGreaterThan(2_000);
  });

  it("the notice says so before anybody agrees, where the interview has a plan, and the form's preview too", async () => {
    const told = async (change: object) => {
      const { id } = await staff.call(createInterview, {}, { ...draft, ...change });
      await staff.call(joinByAccount, { interviewId: id }, { role: "interviewer" });
      const { notice } = await staff.call(getEntry, { interviewId: id, role: "interviewer" });
      return notice.fixed.text.join(" ");
    };
    const service = "An AI service that the organisation chose also receives what was said as text";
    expect(await told({ template })).toContain(service);
    expect(await told({})).not.toContain(service);
    const form = { contact: "", keptMonths: 3, recordPicture: false };
    const preview = async (planned: boolean) =>
      (await staff.call(previewNotice, { language: "en" }, { ...form, planned })).notice.fixed.text.join(" ");
    expect(await preview(true)).toContain(service);
    expect(await preview(false)).not.toContain(service);
  });

  it("questions tick themselves while it thinks", async () => {
    using made = await talking(harness, staff, template);
    provider.next(() => undefined);
    await made.answer(5_000, "we moved the queue in spring");
    await until(
      () => provider.asked.length,
      (count) => count === 1,
    );
    await made.ask(9_000, "which system that you built are you proudest of");
    await until(made.plan, (plan) => plan?.questions[0]?.asked === true);
  });

  it("at the end of its budget the rules go on, and nothing is asked any more", async () => {
    using made = await talking(harness, staff, template);
    let atMs = 1_000;
    const exchange = async () => {
      await made.ask(atMs, "and what came after that");
      await made.answer(atMs + 2_000, "we moved the queue in spring");
      atMs += 5_000;
    };
    await exchange();
    await until(made.suggestions, (list) => list.some(({ source }) => source === "model"));
    await harness.sql("update verbatim.model_use set tokens = 6400 where interview_id = $1", [made.interview.id]);
    await exchange();
    await until(made.suggestions, (list) => list.length > 0 && list.every(({ source }) => source === "rules"));
    expect(provider.asked).toHaveLength(1);
    expect((await used(made.interview.id))?.["tokens"]).toBe(6_400);
  });
});
