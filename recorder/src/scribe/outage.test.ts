import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../test/eventually.ts";
import { syntheticRun } from "../../test/synthetic-run.ts";
import { temporary } from "../../test/temporary.ts";
import type { SpeechEngine } from "../speech/engine.ts";
import type { RunScribe } from "./run-scribe.ts";
import { speechStateOf } from "./speech-state.ts";
import {
  api,
  deepgramAt,
  expectWords,
  mine,
  openScribe,
  start,
  talk,
  theirs,
  untilDone,
  voice,
} from "./test/scribe-scene.ts";
import { startToneServer, type ToneServer } from "./test/tone-server.ts";

let dir: ReturnType<typeof temporary>;
let server: ToneServer;
beforeEach(async () => {
  dir = temporary();
  server = await startToneServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

describe("what the page says", () => {
  const STILL = "the recording is not affected";
  it.each([
    [400, "off", "does not offer this language or model"],
    [401, "off", "refuses our key"],
    [402, "off", "says that the account has no credit"],
    [403, "off", "refuses our key"],
    [404, "off", "does not offer this language or model"],
    [429, "connecting", "takes no more of our account just now"],
    [500, "connecting", "cannot be reached"],
    [503, "connecting", "cannot be reached"],
  ] as const)(
    "when the service answers %d is that it is %s: it %s, and what still works",
    async (status, state, why) => {
      const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 2_000, talk(3, 200))] });
      run.control(start);
      run.writeTo(2_000);
      server.refuse = status;
      const to = api();
      await using scribe = await openScribe(run.dir, to, deepgramAt(server.url));
      await eventually("told", async () => {
        await scribe.step();
        return to.speech() !== undefined;
      });
      expect(to.speech()!.state).toBe(state);
      expect(to.speech()!.reason).toContain(why);
      expect(to.speech()!.reason.toLowerCase()).toContain(STILL);
    },
  );

  it("when it closes a stream, whatever code it gives, is nothing: another is opened, and no word is lost", async () => {
    const said = talk(12, 500);
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 9_000, said)] });
    run.control(start);
    run.writeTo(9_000);
    run.end(9_000);
    const codes = [1000, 1005, 1008, 1011, 1012, 4000];
    server.dieAfterS = () => (codes.length > 0 ? 1.5 : Number.POSITIVE_INFINITY);
    server.closesWith = () => codes.shift();
    const to = api();
    await untilDone(await openScribe(run.dir, to, deepgramAt(server.url)));
    expect(server.opened).toBe(7);
    expectWords(to.words(mine), said);
    expect(to.speech()).toMatchObject({ state: "on" });
  });

  it("when it takes sound and says nothing is that it does not answer", () => {
    const session = { state: "silent", sinceMs: 0 } as const;
    expect(speechStateOf("deepgram", [session], 7_000)).toEqual({ state: "on", engine: "deepgram", reason: "" });
    expect(speechStateOf("deepgram", [{ state: "on" }, session], 9_000)).toEqual({
      state: "connecting",
      engine: "deepgram",
      reason: "The speech service does not answer. Words follow when it can; the recording is not affected.",
    });
  });

  it("stays the refusal while a refused key is tried again", () => {
    const trying = { state: "connecting", sinceMs: 60_000, reason: undefined } as const;
    expect(speechStateOf("deepgram", [trying], 60_300)).toBeUndefined();
  });
});

describe("a service that refuses our key until the run is over", () => {
  const said = talk(12, 500);
  const MINUTE = 60_000;
  let laterMs = 0;
  /** Streams that were refused, and whether the next one is. */
  let refused = 0;
  let refusing = (_opened: number): boolean => true;

  const engine = (): SpeechEngine => {
    const real = deepgramAt(server.url);
    let opened = 0;
    return {
      ...real,
      open(what, on) {
        if (!refusing(opened++)) return real.open(what, on);
        setImmediate(() => {
          on.close({ kind: "refused", what: "key", reason: "It refuses our key." });
          refused++;
        });
        return { send: nothing, finalize: nothing, keepAlive: nothing, end: nothing, drop: nothing };
      },
    };
  };
  /** A run of so many speakers that is over, each of them refused once. */
  const refusedRun = async (to: ReturnType<typeof api>, lengthMs: number, speakers = [mine]) => {
    const run = syntheticRun({ spoolDir: dir.path, voices: speakers.map((each) => voice(each, lengthMs, said)) });
    run.control(start);
    run.writeTo(lengthMs);
    run.end(lengthMs);
    laterMs = 0;
    refused = 0;
    refusing = () => true;
    const scribe = await openScribe(run.dir, to, engine(), () => performance.now() + laterMs);
    await goesOnUntil(scribe, () => refused === speakers.length);
    return scribe;
  };
  const goesOnUntil = (scribe: RunScribe, what: () => boolean) =>
    eventually("it goes on", async () => {
      expect(await scribe.step()).toBe(false);
      return what();
    });

  it("is waited for: once somebody has set it right, every word comes", async () => {
    const to = api();
    const scribe = await refusedRun(to, 9_000);
    laterMs = 118 * MINUTE;
    await goesOnUntil(scribe, () => refused === 2);
    laterMs += 1_500; // Refused, and asked once more whether it is done with.
    expect(await scribe.step()).toBe(false);
    refusing = () => false;
    laterMs += MINUTE;
    await untilDone(scribe);
    expectWords(to.words(mine), said);
  });

  it("is waited for two hours", async () => {
    const to = api();
    // Longer than what is held in memory for a service that may come back: the rest is not read meanwhile.
    const scribe = await refusedRun(to, 400_000);
    laterMs = 121 * MINUTE;
    await untilDone(scribe);
    expect(to.words(mine)).toEqual([]);
  });

  it("is waited for while it serves one of two, however long it has refused both", async () => {
    const to = api();
    const scribe = await refusedRun(to, 9_000, [mine, theirs]);
    laterMs = 119.5 * MINUTE;
    refusing = (opened) => opened !== 2;
    await goesOnUntil(scribe, () => refused === 3);
    laterMs = 120.2 * MINUTE;
    await goesOnUntil(scribe, () => to.words(mine).length + to.words(theirs).length > 3);
    refusing = () => false;
    laterMs += MINUTE;
    await untilDone(scribe);
    expectWords(to.words(mine), said);
    expectWords(to.words(theirs), said);
  });
});

const nothing = (): void => undefined;

it("an outage of a minute in the middle of a talk loses no final word, and every word stands where it was said", async () => {
  const said = talk(150, 500);
  const lengthMs = 78_000;
  const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, lengthMs, said)] });
  run.control(start);
  const to = api();
  await using scribe = await openScribe(run.dir, to, deepgramAt(server.url));
  run.writeTo(8_000);
  await eventually("the first words", async () => {
    await scribe.step();
    return to.words(mine).length >= 6;
  });
  const refusal = (): Promise<unknown> => {
    const tries = server.queries.length;
    return eventually("a try is refused", async () => {
      await scribe.step();
      return server.queries.length > tries;
    });
  };
  server.refuse = 503;
  server.dropAll();
  await refusal();
  for (let ms = 9_000; ms <= 68_000; ms += 1_000) {
    run.writeTo(ms);
    await scribe.step();
  }
  await refusal();
  const known = to.words(mine).length;
  server.refuse = undefined;
  run.writeTo(lengthMs);
  run.end(lengthMs);
  await untilDone(scribe);
  expect(known).toBeLessThan(30);
  expectWords(to.words(mine), said);
}, 60_000);
