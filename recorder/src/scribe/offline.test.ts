import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { createLog } from "@verbatim/hands/log";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHeader, seatOf } from "../../test/spool-samples.ts";
import { syntheticRun } from "../../test/synthetic-run.ts";
import { temporary } from "../../test/temporary.ts";
import { chooseEngine } from "../speech/choose-engine.ts";
import { openRunScribe } from "./run-scribe.ts";
import { api, openScribe, untilDone } from "./test/scribe-scene.ts";
import { encodeOpus } from "./test/tone-words.ts";

const program = path.join(import.meta.dirname, "../../../deploy/local/speech/speech-main.ts");
const folder = temporary();
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  server = spawn(process.execPath, [program], {
    env: { ...process.env, DATA_DIR: folder.path, SPEECH_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: server.stdout! })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg !== "process.ready") continue;
    url = `ws://127.0.0.1:${port}`;
    return;
  }
  throw new Error("The offline speech server did not start.");
});
afterAll(async () => {
  server.kill("SIGTERM");
  if (server.exitCode === null) await once(server, "exit");
  folder[Symbol.dispose]();
});

/** 16 kHz speech, with silence before and after. */
function spoken(text: string, voice: "slt" | "rms", atMs: number, lengthMs: number): Int16Array {
  const file = path.join(folder.path, `${voice}.wav`);
  execFileSync("flite", ["-voice", voice, "-t", text, "-o", file]);
  const wav = readFileSync(file).subarray(44);
  const sound = new Int16Array(lengthMs * 16);
  sound.set(new Int16Array(wav.buffer.slice(wav.byteOffset, wav.byteOffset + wav.byteLength)), atMs * 16);
  return sound;
}

/** What is written down of one voice, and nothing else of it. */
async function wordsOf(sound: Int16Array, onFinal: () => void): Promise<string[]> {
  using place = temporary();
  const run = syntheticRun({ spoolDir: place.path, voices: [{ seat: seatOf(7), packets: encodeOpus(sound) }] });
  run.control({ to: "recording", atMs: 0 });
  run.writeTo(sound.length / 16);
  run.end(sound.length / 16);
  const to = api();
  const send = async (event: RecorderEvent): Promise<void> => {
    await to.client.send(event);
    onFinal();
  };
  const told = { ...to, client: { ...to.client, send } };
  await untilDone(await openScribe(run.dir, told, chooseEngine({ kind: "offline", url })!), 120_000);
  return to.words(seatOf(7)).map(({ text }) => text.toLowerCase());
}

/** The process that decodes: the speech server starts another in its place. */
function killRecogniser(): void {
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").trim().split(" ");
  for (const pid of children) process.kill(Number(pid), "SIGKILL");
}

it("writes down the same words when speech recognition is killed again and again", async () => {
  const sentences = [
    "my name is sarah and i lead the engineering team here",
    "i worked for a small company that built software for hospitals",
    "what was the hardest problem that you had to solve",
    "how did you make sure that no data was lost",
    "what did you learn from that experience",
  ];
  const sound = new Int16Array(25_000 * 16);
  for (const [n, sentence] of sentences.entries()) sound.set(spoken(sentence, "slt", 0, 4_900), (500 + n * 4_900) * 16);
  const whole = await wordsOf(sound, () => undefined);
  let killed = 0;
  const pieced = await wordsOf(sound, () => {
    if (++killed < sentences.length) killRecogniser();
  });
  expect(killed).toBe(sentences.length);
  expect(pieced).toEqual(whole);
}, 240_000);

it("hears two people through the real offline engine, each at their own time, and not their echo", async () => {
  const [mine, theirs] = [seatOf(7), seatOf(8)];
  const question = spoken("please tell me about your last job", "rms", 1_000, 9_000);
  const answer = spoken("my first job was at a bank in the city", "slt", 4_500, 9_000);
  const withEcho = answer.map((sample, i) => sample + Math.round((question[i - 16 * 150] ?? 0) * 0.1));
  const run = syntheticRun({
    spoolDir: folder.path,
    voices: [
      { seat: mine, packets: encodeOpus(question) },
      { seat: theirs, packets: encodeOpus(withEcho) },
    ],
  });
  run.control({ to: "recording", atMs: 0 });
  run.writeTo(9_000);
  run.end(9_000);
  const finals: Extract<RecorderEvent, { type: "words-final" }>[] = [];
  const states: string[] = [];
  const scribe = await openRunScribe({
    dir: run.dir,
    header: runHeader,
    engine: chooseEngine({ kind: "offline", url })!,
    events: {
      send: async (event) => {
        if (event.type === "words-final") finals.push(event);
      },
      sendLatest: (_key, event) => {
        if (event.type === "speech") states.push(`${event.speech.state} ${event.speech.engine}`);
      },
    },
    counters: { word: () => undefined, reconnect: () => undefined },
    log: createLog("scribe-test", "silent"),
    now: () => performance.now(),
    random: Math.random,
  });
  while (!(await scribe.step())) await delay(20);
  await scribe[Symbol.asyncDispose]();

  const said = (seat: typeof mine) => finals.filter(({ seatId }) => seatId === seat);
  const text = (seat: typeof mine): string =>
    said(seat)
      .flatMap(({ words }) => words.map((word) => word.text.toLowerCase().replaceAll(/[^a-z]/g, "")))
      .join(" ");
  expect(text(mine)).toBe("please tell me about your last job");
  // This engine adapts to what it hears, and the echo, which it is given, costs it words of the answer that follows.
  expect(text(theirs)).toMatch(/^my first job .*city/);
  expect(text(theirs)).not.toMatch(/please|tell|your|last/);
  expect(Math.abs(said(mine)[0]!.startMs - 1_150)).toBeLessThan(200);
  expect(Math.abs(said(theirs)[0]!.startMs - 4_650)).toBeLessThan(200);
  expect(states.at(-1)).toBe("on offline");
}, 120_000);
