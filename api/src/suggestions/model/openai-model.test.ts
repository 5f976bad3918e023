import { afterAll, afterEach, describe, expect, it } from "vitest";
import { fails, fakeModel, json, says, saysText, type Turn } from "../../../test/fake-model.ts";
import { openAiModel } from "./openai-model.ts";

const provider = await fakeModel();
afterAll(() => provider[Symbol.asyncDispose]());

// By `always`, where a request may be given up before it has left.
afterEach(() => provider.always(says()));

const prompt = { instructions: "Ask.", data: '{"talk":[]}' };
const one = { text: "How long did it take?", competency: "Systems", quote: "the queue" };
const never = new AbortController().signal;
const model = (times: { totalMs?: number } = {}) =>
  openAiModel({ apiKey: "key", baseUrl: provider.baseUrl, model: "small", ...times });
/** What was asked of the provider while this ran. */
async function during<Result>(work: () => Promise<Result>) {
  const before = provider.asked.length;
  const result = await work();
  return { result, asked: provider.asked.slice(before) };
}
const holds: Turn = () => undefined;

describe("a model behind OpenAI's interface", () => {
  it("is asked once, with a strict schema, and for nothing to be stored", async () => {
    provider.next(says(one));
    const { result, asked } = await during(() => model().ask(prompt, never));
    expect(result).toEqual({ kind: "answered", answer: { suggestions: [one] }, tokens: 1_000 });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      path: "/v1/responses",
      key: "Bearer key",
      body: {
        model: "small",
        store: false,
        instructions: "Ask.",
        input: [{ role: "user", content: '{"talk":[]}' }],
        text: { format: { type: "json_schema", strict: true, schema: { additionalProperties: false } } },
      },
    });
    expect(asked[0]?.body).not.toHaveProperty("tools");
    // Some compatible servers refuse a schema with these.
    expect(JSON.stringify(asked[0]?.body["text"])).not.toMatch(/minLength|maxItems|\$schema/);
  });

  it("is asked again after it had too much to do", async () => {
    provider.next(fails(429, { "retry-after-ms": "1" }), says(one));
    const { result, asked } = await during(() => model().ask(prompt, never));
    expect(result.kind).toBe("answered");
    expect(asked).toHaveLength(2);
  });

  it.each([404, 405])("is asked by chat completions where Responses give %s, and from then on", async (status) => {
    provider.next(fails(status), says(one), says());
    const asks = model();
    const { result, asked } = await during(async () => [await asks.ask(prompt, never), await asks.ask(prompt, never)]);
    expect(result.map(({ kind }) => kind)).toEqual(["answered", "answered"]);
    expect(asked.map(({ path }) => path)).toEqual(["/v1/responses", "/v1/chat/completions", "/v1/chat/completions"]);
    expect(asked[1]?.body).toMatchObject({
      response_format: { type: "json_schema", json_schema: { name: "suggestions", strict: true } },
      messages: [
        { role: "system", content: "Ask." },
        { role: "user", content: '{"talk":[]}' },
      ],
    });
  });

  it("is asked without a schema where chat completions refuse one, and from then on", async () => {
    const fenced = saysText(`Sure:\n\`\`\`json\n${JSON.stringify({ suggestions: [one] })}\n\`\`\``);
    provider.next(fails(404), fails(400), fenced, fenced);
    const asks = model();
    const { result, asked } = await during(async () => [await asks.ask(prompt, never), await asks.ask(prompt, never)]);
    const answered = { kind: "answered", answer: { suggestions: [one] }, tokens: 1_000 };
    expect(result).toEqual([answered, answered]);
    expect(asked.map(({ body }) => "response_format" in body)).toEqual([false, true, false, false]);
  });

  it("that refuses everything is asked in the best way again", async () => {
    provider.next(fails(404), fails(400), fails(400), says(one));
    const asks = model();
    expect(await asks.ask(prompt, never)).toEqual({ kind: "failed", reason: "status 400", tokens: 0 });
    const { asked } = await during(() => asks.ask(prompt, never));
    expect(asked.map(({ path }) => path)).toEqual(["/v1/responses"]);
  });

  it("that does not tell in our words what it used has answered all the same", async () => {
    const text = JSON.stringify({ suggestions: [one] });
    const output = [{ type: "message", content: [{ type: "output_text", text }] }];
    const usage = { input_tokens: 5, output_tokens: 1 };
    provider.next((_, response) => json(response, 200, { object: "response", status: "completed", output, usage }));
    expect(await model().ask(prompt, never)).toEqual({
      kind: "answered",
      answer: { suggestions: [one] },
      tokens: null,
    });
  });

  it("whose connection breaks once it was asked may have cost something", async () => {
    provider.next(...Array.from({ length: 2 }, (): Turn => (_, response) => response.destroy()));
    expect(await model().ask(prompt, never)).toEqual({ kind: "failed", reason: "unreachable", tokens: null });
  });

  it("whose name is wrong is not taken for a server without Responses", async () => {
    provider.next(fails(404, {}, { message: "no such model", code: "model_not_found" }));
    const { result, asked } = await during(() => model().ask(prompt, never));
    expect(result).toEqual({ kind: "failed", reason: "status 404", tokens: 0 });
    expect(asked).toHaveLength(1);
  });

  it.each([
    [401, 1],
    [429, 2],
    [500, 2],
    [503, 2],
  ])("that answers %s has failed after %s requests, and cost nothing", async (status, requests) => {
    provider.next(...Array.from({ length: requests }, () => fails(status, { "retry-after-ms": "1" })));
    const { result, asked } = await during(() => model().ask(prompt, never));
    expect(result).toEqual({ kind: "failed", reason: `status ${status}`, tokens: 0 });
    expect(asked).toHaveLength(requests);
  });

  it("that never answers is given up, and may have cost something", async () => {
    provider.always(holds);
    const failed = { kind: "failed", reason: "timeout", tokens: null };
    const { result, asked } = await during(() => model({ totalMs: 100 }).ask(prompt, never));
    expect(result).toEqual(failed);
    // Each request may be paid for.
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  it("that asks us to come back in a minute is not waited for", async () => {
    provider.always(fails(429, { "retry-after": "50" }));
    expect(await model({ totalMs: 200 }).ask(prompt, never)).toMatchObject({ kind: "failed", reason: "timeout" });
  });

  it("is left alone as soon as nobody waits any more", async () => {
    const stop = new AbortController();
    const gone = Promise.withResolvers<void>();
    provider.next((_, response) => {
      response.on("close", gone.resolve);
      stop.abort();
    });
    expect((await model().ask(prompt, stop.signal)).kind).toBe("failed");
    await gone.promise;
  });

  it("that is not there is unreachable", async () => {
    const gone = await fakeModel();
    await gone[Symbol.asyncDispose]();
    const nowhere = openAiModel({ apiKey: "key", baseUrl: gone.baseUrl, model: "small" });
    expect(await nowhere.ask(prompt, never)).toEqual({ kind: "failed", reason: "unreachable", tokens: 0 });
  });

  const raw =
    (body: string, type = "application/json"): Turn =>
    (_, response) =>
      response.writeHead(200, { "content-type": type }).end(body);
  const cut: Turn = (_, response) =>
    json(response, 200, { object: "response", status: "incomplete", output: [], usage: { total_tokens: 900 } });

  it.each([
    ["no JSON among its words", saysText("Here you are: How long?"), "malformed", 1_000],
    ["another shape", saysText('{"suggestions":[{"text":"How?"}]}'), "malformed", 1_000],
    ["more than was asked for", saysText('{"suggestions":[],"note":"hire"}'), "malformed", 1_000],
    ["an answer cut short", cut, "incomplete", 900],
    ["half a reply", raw('{"object":"resp'), "malformed", null],
    ["a page", raw("<h1>Hello</h1>", "text/html"), "malformed", null],
    ["a reply of another kind", raw('{"object":"response","output":7}'), "malformed", null],
    ["nothing", raw("null"), "malformed", null],
    ["a reply without end", raw(`{"object":"${"x".repeat(400_000)}"}`), "malformed", null],
  ])("that answers with %s has failed", async (_, turn, reason, tokens) => {
    provider.next(turn);
    expect(await model().ask(prompt, never)).toEqual({ kind: "failed", reason, tokens });
  });
});
