import { copyFileSync, existsSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../test/eventually.ts";
import { runHeader } from "../../test/spool-samples.ts";
import { markUs, syntheticRun } from "../../test/synthetic-run.ts";
import { temporary } from "../../test/temporary.ts";
import { chooseEngine } from "../speech/choose-engine.ts";
import { CURSOR_FILE, DONE_FILE } from "./cursor.ts";
import { createScribe } from "./scribe.ts";
import {
  api,
  deepgramAt,
  expectWords,
  log,
  mine,
  openScribe as openScene,
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

const openScribe = (at: string, to: ReturnType<typeof api>) => openScene(at, to, deepgramAt(server.url));
const counters = { word: () => undefined, reconnect: () => undefined };

describe("what is said in a run", () => {
  it("becomes final words of each speaker at their places, and the run is done", async () => {
    const a = talk(9, 500);
    const b = talk(6, 5_200, 12);
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 9_000, a), voice(theirs, 9_000, b)] });
    run.control(start);
    run.writeTo(9_000);
    run.end(9_000);
    const to = api();
    await untilDone(await openScribe(run.dir, to));
    expectWords(to.words(mine), a);
    expectWords(to.words(theirs), b);
    expect(to.words(mine).every(({ engineMs }) => engineMs !== undefined && engineMs < 5_000)).toBe(true);
    // Of another boot than this one: nobody knows when an answer came.
    expect(to.words(mine).some(({ answeredMs }) => answeredMs !== undefined)).toBe(false);
    expect(to.speech()).toEqual({ state: "on", engine: "deepgram", reason: "" });
    expect(existsSync(path.join(run.dir, DONE_FILE))).toBe(true);
    expect(Object.fromEntries(server.queries[0]!)).toMatchObject({
      language: "en",
      encoding: "linear16",
      sample_rate: "16000",
      interim_results: "true",
      mip_opt_out: "true",
      punctuate: "true",
      numerals: "true",
    });
    expect(server.queries[0]!.getAll("keyterm")).toEqual(["Grace Hopper", "event sourcing"]);
    expect(to.words(mine).every(({ confidence }) => confidence === 0.9)).toBe(true);
  });

  it("is shown while it is said, and cleared when it is final", async () => {
    const a = talk(6, 200);
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 4_000, a)] });
    run.control(start);
    const to = api();
    await using scribe = await openScribe(run.dir, to);
    for (let ms = 100; ms <= 4_000; ms += 100) {
      run.writeTo(ms);
      await scribe.step();
      await delay(2);
    }
    const interims = () => to.events.flatMap((event) => (event.type === "words-interim" ? [event.text] : []));
    await eventually("cleared", async () => {
      await scribe.step();
      return interims().length > 1 && interims().at(-1) === "";
    });
    expect(interims().some((text) => text.startsWith("w0 w1"))).toBe(true);
  });
});

describe("an engine that goes away", () => {
  it.each([
    ["what it lost", 0],
    ["three seconds more", 3],
  ])(
    "twenty times over, and hears %s again, costs no word, doubles none and moves none",
    async (_, leadInS) => {
      const said = talk(90, 500);
      const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 46_000, said)] });
      run.control(start);
      run.writeTo(46_000);
      run.end(46_000);
      let left = 20;
      server.dieAfterS = () => (left-- > 0 ? leadInS + 1.2 + ((left * 37) % 17) / 10 : Number.POSITIVE_INFINITY);
      const to = api();
      await untilDone(await openScene(run.dir, to, { ...deepgramAt(server.url), leadInS }), 60_000);
      expect(server.opened).toBe(21);
      expectWords(to.words(mine), said);
    },
    180_000,
  );

  it("before it has heard what it is to hear again, each time, gets less of it until words come", async () => {
    const said = talk(30, 500);
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 16_000, said)] });
    run.control(start);
    run.writeTo(16_000);
    run.end(16_000);
    server.dieAfterS = () => 3;
    const to = api();
    await untilDone(await openScene(run.dir, to, { ...deepgramAt(server.url), leadInS: 6 }), 60_000);
    expectWords(to.words(mine), said);
  });

  it("and does not come back is told, and what was said meanwhile follows when it does", async () => {
    const said = talk(12, 500);
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 9_000, said)] });
    run.control(start);
    const to = api();
    await using scribe = await openScribe(run.dir, to);
    server.refuse = 503;
    run.writeTo(9_000);
    await eventually("told", async () => {
      await scribe.step();
      return to.speech()?.state === "connecting";
    });
    expect(to.words(mine)).toEqual([]);
    server.refuse = undefined;
    run.end(9_000);
    await untilDone(scribe);
    expectWords(to.words(mine), said);
    expect(to.speech()?.state).toBe("on");
  });

  it("or refuses our key for minutes has every word to hear once it takes it again", async () => {
    const said = [...talk(3, 200), ...talk(3, 395_000, 3)];
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 400_000, said)] });
    run.control(start);
    run.writeTo(400_000);
    server.refuse = 401;
    const to = api();
    let later = 0;
    await using scribe = await openScene(run.dir, to, deepgramAt(server.url), () => performance.now() + later);
    await eventually("told, with as much read as is read ahead", async () => {
      await scribe.step();
      return to.speech()?.state === "off" && scribe.backlogS >= 240;
    });
    server.refuse = undefined;
    later = 60_000;
    await eventually("heard again", async () => {
      await scribe.step();
      return to.words(mine).length > 0;
    });
    run.end(400_000);
    await untilDone(scribe);
    expectWords(to.words(mine), said);
  });
});

const forever = () => new Promise<void>(() => undefined);

/** A run's folder as one life of the scribe has it: the recording's own files, and the cursor that the last life left. */
function aHome(runDir: string, last?: string): string {
  const home = mkdtempSync(path.join(dir.path, "life-"));
  for (const name of readdirSync(runDir)) symlinkSync(path.join(runDir, name), path.join(home, name));
  if (last && existsSync(path.join(last, CURSOR_FILE))) {
    copyFileSync(path.join(last, CURSOR_FILE), path.join(home, CURSOR_FILE));
  }
  return home;
}

describe("a scribe that is killed", () => {
  it("says nothing twice and forgets nothing, whether its last events were answered, taken or lost", async () => {
    const said = talk(45, 500);
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 24_000, said), voice(theirs, 24_000, [])] });
    run.control(start);
    const to = api();
    run.writeTo(2_000);
    let written = 2_000;
    let home = aHome(run.dir);
    for (let life = 0; life < 12; life++) {
      to.state.way = (["answered", "answer lost", "lost"] as const)[life % 3]!;
      let dead = false;
      const client = { ...to.client, send: (event: RecorderEvent) => (dead ? forever() : to.client.send(event)) };
      const scribe = await openScribe(home, { ...to, client });
      run.writeTo(written);
      const before = to.state.sent;
      await eventually("words", async () => {
        await scribe.step();
        return to.state.sent > before;
      });
      // Nothing of it goes on: no disposal, no last cursor, and what it still writes nobody reads.
      dead = true;
      server.dropAll();
      home = aHome(run.dir, home);
      written = Math.min(24_000, written + 2_000);
    }
    to.state.way = "answered";
    run.end(24_000);
    await untilDone(await openScribe(home, to));
    expectWords(to.words(mine), said);
  }, 180_000);
});

describe("what must not be heard", () => {
  const canary = 19;
  const heardCanary = (to: ReturnType<typeof api>): boolean => JSON.stringify(to.events).includes(nameOf(canary));

  it("is not: muted, paused and after a Stop that stands", async () => {
    const said = [...talk(3, 500), { word: 5, atMs: 7_500 }];
    const secrets = [2_700, 5_000, 9_200].map((atMs) => ({ word: canary, atMs }));
    const run = syntheticRun({
      spoolDir: dir.path,
      voices: [
        {
          ...voice(mine, 11_000, [...said, ...secrets]),
          marks: [
            { type: "mute", atUs: markUs(2_500) },
            { type: "unmute", atUs: markUs(3_500) },
          ],
        },
      ],
    });
    const transitions = [start, { to: "paused", atMs: 4_500 }, { to: "recording", atMs: 6_000 }] as const;
    run.control(start);
    const to = api();
    const scribe = await openScribe(run.dir, to);
    const live = async (ms: number): Promise<void> => {
      run.writeTo(ms);
      await scribe.step();
      await delay(5);
    };
    for (let ms = 100; ms <= 4_600; ms += 100) await live(ms);
    run.control(...transitions.slice(0, 2));
    for (let ms = 4_700; ms <= 6_100; ms += 100) await live(ms);
    run.control(...transitions);
    for (let ms = 6_200; ms <= 8_600; ms += 100) await live(ms);
    run.control(...transitions, { to: "stopped", atMs: 8_500 });
    for (let ms = 8_700; ms <= 11_000; ms += 100) await live(ms);
    run.control(...transitions, { to: "stopped", atMs: 8_500 }, { to: "closed", atMs: 11_000 });
    run.end(11_000);
    await untilDone(scribe);
    expectWords(to.words(mine), said);
    expect(heardCanary(to)).toBe(false);
  });

  it("is heard when the Stop is undone", async () => {
    const said = [...talk(3, 500), { word: canary, atMs: 4_200 }, { word: 6, atMs: 6_500 }];
    const run = syntheticRun({ spoolDir: dir.path, voices: [voice(mine, 8_000, said)] });
    const stopped = [start, { to: "stopped", atMs: 3_500 }] as const;
    run.control(...stopped);
    run.writeTo(5_500);
    const to = api();
    const scribe = await openScribe(run.dir, to);
    await eventually("the words before Stop", async () => {
      await scribe.step();
      return to.words(mine).length === 3;
    });
    expect(heardCanary(to)).toBe(false);
    run.control(...stopped, { to: "recording", atMs: 5_600 });
    run.writeTo(8_000);
    run.end(8_000);
    await untilDone(scribe);
    expectWords(to.words(mine), said);
  });

  it("is not placed in gaps, and words after a gap are at their places", async () => {
    const said = [...talk(6, 500), ...talk(3, 9_000, 10)];
    const inGap = [{ word: canary, atMs: 5_000 }];
    const run = syntheticRun({
      spoolDir: dir.path,
      voices: [
        {
          ...voice(mine, 11_000, [...said, ...inGap]),
          delayMs: (n: number) => (n * 20 >= 4_000 && n * 20 < 7_000 ? Number.POSITIVE_INFINITY : 0),
        },
      ],
    });
    run.control(start);
    run.writeTo(11_000);
    run.end(11_000);
    const to = api();
    await untilDone(await openScribe(run.dir, to));
    expectWords(to.words(mine), said);
    expect(heardCanary(to)).toBe(false);
  });

  it("is not the other speaker through a loudspeaker", async () => {
    const a = talk(6, 500);
    const b = talk(3, 5_000, 12);
    const echo = a.map(({ word, atMs }) => ({ word, atMs: atMs + 120, level: 0.04 }));
    const run = syntheticRun({
      spoolDir: dir.path,
      voices: [voice(mine, 7_000, a), voice(theirs, 7_000, [...echo, ...b])],
    });
    run.control(start);
    run.writeTo(7_000);
    run.end(7_000);
    const to = api();
    await untilDone(await openScribe(run.dir, to));
    expectWords(to.words(mine), a);
    expectWords(to.words(theirs), b);
  });
});

describe("a run nobody can transcribe", () => {
  it.each([
    [
      "the language is not offered",
      { ...runHeader, language: "de" },
      "does not understand German. The recording is not affected.",
    ],
    ["no engine is set up", runHeader, "No speech service"],
  ])("is done at once, and the page is told why: %s", async (why, header, reason) => {
    const run = syntheticRun({ spoolDir: dir.path, voices: [] });
    run.control(start);
    const to = api();
    const none = chooseEngine(why.startsWith("no") ? { kind: "none" } : { kind: "offline", url: server.url });
    const stop = new AbortController();
    const scribe = createScribe({
      spoolDir: dir.path,
      engine: none && { ...none, whyNot: () => none.whyNot(header.language) },
      events: to.client,
      counters,
      log,
      now: () => performance.now(),
      random: () => 0.1,
    });
    const running = scribe.run(stop.signal);
    await eventually("done", () => existsSync(path.join(run.dir, DONE_FILE)));
    stop.abort();
    await running;
    expect(to.speech()).toMatchObject({ state: "off", engine: "none" });
    expect(to.speech()!.reason).toContain(reason);
  });
});
