import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../test/eventually.ts";
import { syntheticRun } from "../../test/synthetic-run.ts";
import { temporary } from "../../test/temporary.ts";
import { chooseEngine } from "../speech/choose-engine.ts";
import { type OpenAiToneServer, startOpenAiToneServer } from "./test/openai-tone-server.ts";
import { api, mine, openScribe, start, talk, theirs, untilDone, voice } from "./test/scribe-scene.ts";
import { nameOf, type ToneWord, WORD_MS } from "./test/tone-words.ts";

/** How much faster time passes for a scribe that is to try for minutes. */
const FASTER = 15;
let dir: ReturnType<typeof temporary>;
let server: OpenAiToneServer;
beforeEach(async () => {
  dir = temporary();
  server = await startOpenAiToneServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

const engine = (model = "gpt-live-transcribe") =>
  chooseEngine({ kind: "openai", apiKey: "key-for-tests", baseUrl: server.url, model })!;

/** A recording that is over. */
function recorded(lengthMs: number, ...voices: (readonly [typeof mine, readonly ToneWord[]])[]): string {
  const run = syntheticRun({
    spoolDir: dir.path,
    voices: voices.map(([seat, said]) => voice(seat, lengthMs, said)),
  });
  run.control(start);
  run.writeTo(lengthMs);
  run.end(lengthMs);
  return run.dir;
}

/** Every word that was said, once and in order; each beside its place by no more than so much. */
function expectWords(heard: ReturnType<ReturnType<typeof api>["words"]>, said: readonly ToneWord[]): void {
  expect(heard.map(({ text }) => text)).toEqual(said.map(({ word }) => nameOf(word)));
  for (const [n, { atMs }] of said.entries()) {
    expect(Math.abs(heard[n]!.startMs - atMs)).toBeLessThanOrEqual(150);
    expect(Math.abs(heard[n]!.endMs - atMs - WORD_MS)).toBeLessThanOrEqual(150);
  }
}

describe("OpenAI's transcription", () => {
  it("gives words of each speaker at their turns' places, as sure as it says", async () => {
    const [a, b] = [talk(9, 500), talk(6, 5_200, 12)];
    const to = api();
    await untilDone(await openScribe(recorded(9_000, [mine, a], [theirs, b]), to, engine()));
    expectWords(to.words(mine), a);
    expectWords(to.words(theirs), b);
    expect(to.words(mine).every(({ confidence }) => Math.abs(confidence - 0.8) < 1e-6)).toBe(true);
    expect(to.speech()).toEqual({ state: "on", engine: "openai", reason: "" });
    expect(server.handshakes[0]).toEqual({
      authorization: "Bearer key-for-tests",
      url: "/v1/realtime?intent=transcription",
    });
    expect(server.sessions[0]!.audio.input.transcription).toEqual({
      model: "gpt-live-transcribe",
      language: "en",
      keywords: ["Grace Hopper", "event sourcing"],
    });
  });

  it("tells terms as each model takes them, and to others none", async () => {
    for (const model of ["gpt-4o-transcribe", "gpt-realtime-whisper"]) {
      const to = api();
      await using scribe = await openScribe(recorded(1_500, [mine, talk(1, 300)]), to, engine(model));
      await eventually("a session", async () => {
        await scribe.step();
        return server.sessions.at(-1)?.audio.input.transcription["model"] === model;
      });
    }
    const hints = server.sessions.map(({ audio }) => audio.input.transcription["prompt"]);
    expect([hints[0], hints.at(-1)]).toEqual(["Grace Hopper, event sourcing", undefined]);
  });

  it("that goes away again and again costs no word and doubles none", async () => {
    const said = talk(60, 500);
    let left = 8;
    server.dieAfterTurns = () => (left-- > 0 ? left % 3 : Number.POSITIVE_INFINITY);
    const to = api();
    await untilDone(await openScribe(recorded(32_000, [mine, said]), to, engine()));
    expect(server.opened).toBe(9);
    expectWords(to.words(mine), said);
  }, 60_000);

  it("that cannot make out a turn is asked for the next when it was tried for long, whatever else it understands", async () => {
    const [said, others] = [talk(9, 500), talk(40, 300, 10)];
    let failed = 0;
    server.failTurn = (words) => {
      if (!words.includes(nameOf(4)) || words.includes(nameOf(14))) return undefined;
      failed += 1;
      return "server_error";
    };
    const to = api();
    const run = recorded(21_000, [mine, said], [theirs, others.filter(({ word }) => word >= 9)]);
    await untilDone(await openScribe(run, to, engine(), () => performance.now() * FASTER));
    expect(to.words(mine).map(({ text }) => text)).toEqual([0, 1, 2, 6, 7, 8].map(nameOf));
    expect(failed).toBeGreaterThanOrEqual(10);
  }, 120_000);

  it.each([10_040, 10_060])(
    "takes what is left of a turn that %s ms were said of without a pause",
    async (lengthMs) => {
      const to = api();
      const said = Array.from({ length: 60 }, (_, n) => ({ word: n % 20, atMs: n * WORD_MS }));
      await untilDone(await openScribe(recorded(lengthMs, [mine, said]), to, engine()));
      expect(server.opened).toBe(1);
    },
  );

  it("that fails at everything for a minute loses no word of anybody", async () => {
    const [said, others] = [talk(12, 500), talk(12, 700, 6)];
    const until = performance.now() + 60_000 / FASTER;
    let failed = 0;
    server.failTurn = () => {
      if (performance.now() > until) return undefined;
      failed += 1;
      return "server_error";
    };
    const to = api();
    const run = recorded(9_000, [mine, said], [theirs, others]);
    await untilDone(await openScribe(run, to, engine(), () => performance.now() * FASTER));
    expect(failed).toBeGreaterThan(3);
    expectWords(to.words(mine), said);
    expectWords(to.words(theirs), others);
  }, 120_000);

  it.each([
    [401, undefined, "off", "refuses our key"],
    [429, undefined, "connecting", "takes no more of our account"],
    [503, undefined, "connecting", "cannot be reached"],
    [undefined, "invalid_api_key", "off", "refuses our key"],
    [undefined, "insufficient_quota", "off", "no credit"],
    [undefined, "rate_limit_exceeded", "connecting", "takes no more of our account"],
    [undefined, "unsupported_language", "off", "does not offer this language or model"],
    [undefined, "anything_else", "off", "does not offer this language or model"],
  ] as const)("that answers %s or %s is told as %s: it %s", async (status, code, state, why) => {
    server.refuse = status;
    server.refuseSession = code;
    const to = api();
    await using scribe = await openScribe(recorded(2_000, [mine, talk(3, 200)]), to, engine());
    await eventually("told", async () => {
      await scribe.step();
      return to.speech() !== undefined;
    });
    expect(to.speech()).toMatchObject({ state, reason: expect.stringContaining(why) as string });
  });
});
