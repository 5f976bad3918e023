import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../test/eventually.ts";
import { markUs, syntheticRun } from "../../test/synthetic-run.ts";
import { temporary } from "../../test/temporary.ts";
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
import { nameOf } from "./test/tone-words.ts";

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

const engine = (model = "flux-general-en") => deepgramAt(server.url, model);
const recorded = (lengthMs: number, ...voices: Parameters<typeof syntheticRun>[0]["voices"]) => {
  const run = syntheticRun({ spoolDir: dir.path, voices });
  run.control(start);
  run.writeTo(lengthMs);
  run.end(lengthMs);
  return run.dir;
};

describe("Deepgram's turns", () => {
  it("become final words of each speaker at their places, as sure as it says", async () => {
    const [a, b] = [talk(9, 500), talk(6, 5_200, 12)];
    const to = api();
    await untilDone(await openScribe(recorded(9_000, voice(mine, 9_000, a), voice(theirs, 9_000, b)), to, engine()));
    expectWords(to.words(mine), a);
    expectWords(to.words(theirs), b);
    expect(to.words(mine).every(({ confidence }) => confidence === 0.9)).toBe(true);
    expect(to.speech()).toEqual({ state: "on", engine: "deepgram", reason: "" });
    expect(Object.fromEntries(server.queries[0]!)).toMatchObject({
      model: "flux-general-en",
      encoding: "linear16",
      sample_rate: "16000",
      numerals: "true",
      mip_opt_out: "true",
    });
    expect(server.queries[0]!.getAll("keyterm")).toEqual(["Grace Hopper", "event sourcing"]);
  });

  it("are told the interview's language by the model of several", async () => {
    const to = api();
    const said = talk(3, 300);
    await untilDone(await openScribe(recorded(2_500, voice(mine, 2_500, said)), to, engine("flux-general-multi")));
    expectWords(to.words(mine), said);
    expect(server.queries[0]!.getAll("language_hint")).toEqual(["en"]);
  });

  it("lie on their voice where words have no times", async () => {
    server.turns = { ...server.turns, timed: false, sure: () => true };
    const said = talk(9, 500, 10);
    const to = api();
    await untilDone(await openScribe(recorded(6_000, voice(mine, 6_000, said)), to, engine()));
    const heard = to.words(mine);
    expect(heard.map(({ text }) => text)).toEqual(said.map(({ word }) => nameOf(word)));
    for (const [n, { atMs }] of said.entries()) expect(Math.abs(heard[n]!.startMs - atMs)).toBeLessThanOrEqual(50);
  });

  it("are shown as they are said, and cleared when they end", async () => {
    server.turns.sure = () => false;
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 4_000, talk(6, 200))] });
    run.control(start);
    const to = api();
    await using scribe = await openScribe(run.dir, to, engine());
    const interims = () => to.events.flatMap((event) => (event.type === "words-interim" ? [event.text] : []));
    // The sixth word begins at 2.3 s.
    run.writeTo(2_250);
    await eventually("shown so far", async () => {
      await scribe.step();
      return interims().includes("w0 w1 w2 w3 w4");
    });
    run.writeTo(4_000);
    await eventually("cleared", async () => {
      await scribe.step();
      return interims().at(-1) === "";
    });
  });

  it("that are under way when the recording ends are kept as they stand, once all was heard", async () => {
    server.turns = { ...server.turns, sure: () => false, pauses: false };
    let left = 1;
    server.dieAfterS = () => (left-- > 0 ? 1.9 : Number.POSITIVE_INFINITY);
    const said = talk(4, 500);
    const to = api();
    await untilDone(await openScribe(recorded(2_300, voice(mine, 2_300, said)), to, engine()));
    expectWords(to.words(mine), said);
  });

  it("end when somebody mutes in the middle of one, while the recording goes on", async () => {
    server.turns.sure = () => false;
    const said = talk(3, 500);
    const muted = [{ word: 19, atMs: 2_000 }];
    const run = syntheticRun({
      spoolDir: dir.path,
      voices: [{ ...voice(mine, 9_000, [...said, ...muted]), marks: [{ type: "mute", atUs: markUs(1_400) }] }],
    });
    run.control(start);
    run.writeTo(9_000);
    const to = api();
    await using scribe = await openScribe(run.dir, to, engine());
    await eventually("the words before", async () => {
      await scribe.step();
      return to.words(mine).length > 0;
    });
    expectWords(to.words(mine), said);
    expect(JSON.stringify(to.events)).not.toContain(nameOf(19));
    expect(server.opened).toBe(1);
  });

  it.each([true, false])(
    "put no word into a gap, and words behind it are at their places (told: %s)",
    async (timed) => {
      server.turns = { ...server.turns, timed, sure: () => true };
      const said = [...talk(6, 500), ...talk(3, 9_000, 10)];
      const inGap = [{ word: 19, atMs: 5_000 }];
      const delayMs = (n: number) => (n * 20 >= 4_000 && n * 20 < 7_000 ? Number.POSITIVE_INFINITY : 0);
      const to = api();
      const at = recorded(11_000, { ...voice(mine, 11_000, [...said, ...inGap]), delayMs });
      await untilDone(await openScribe(at, to, engine()));
      expectWords(to.words(mine), said);
      expect(JSON.stringify(to.events)).not.toContain(nameOf(19));
    },
  );
});

describe("a turn-based stream that goes away", () => {
  it("twenty times over costs no word, doubles none and moves none", async () => {
    const said = talk(90, 500);
    let left = 20;
    server.dieAfterS = () => (left-- > 0 ? 2.2 + ((left * 37) % 17) / 10 : Number.POSITIVE_INFINITY);
    const to = api();
    await untilDone(await openScribe(recorded(46_000, voice(mine, 46_000, said)), to, engine()));
    expect(server.opened).toBe(21);
    expectWords(to.words(mine), said);
  }, 180_000);

  it("for a minute in the middle of a talk loses no final word, and each stands where it was said", async () => {
    const said = talk(150, 500);
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 78_000, said)] });
    run.control(start);
    const to = api();
    await using scribe = await openScribe(run.dir, to, engine());
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
    server.refuse = undefined;
    run.writeTo(78_000);
    run.end(78_000);
    await untilDone(scribe);
    expectWords(to.words(mine), said);
  }, 60_000);

  it.each([
    [400, "off", "does not offer this language or model"],
    [401, "off", "refuses our key"],
    [429, "connecting", "takes no more of our account"],
    [503, "connecting", "cannot be reached"],
  ] as const)("and answers %d is told as %s: it %s", async (status, state, why) => {
    server.refuse = status;
    const to = api();
    await using scribe = await openScribe(recorded(2_000, voice(mine, 2_000, talk(3, 200))), to, engine());
    await eventually("told", async () => {
      await scribe.step();
      return to.speech() !== undefined;
    });
    expect(to.speech()).toMatchObject({ state, reason: expect.stringContaining(why) as string });
  });
});
