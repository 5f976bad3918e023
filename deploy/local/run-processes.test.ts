import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { spawn } from "node:child_process";
import { freePorts } from "@verbatim/hands/net/free-port";
import { isAlive } from "@verbatim/hands/process/alive";
import { afterEach, beforeEach, expect, it } from "vitest";
import { endLeftovers, openProcessList } from "./process-list.ts";
import { END_WITHIN_MS, type Member, runProcesses, type Wave } from "./run-processes.ts";
import { restartDelay } from "./supervise.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-processes-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process of ours in small: answers /readyz, has a child of its own, and notes when it was asked to end. */
const STAND_IN = `
import { createServer } from "node:http";
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
const { NAME, PORT, NOTES, STUBBORN, FLUSH_MS } = process.env;
const child = spawn("sleep", ["1000"], { stdio: "ignore" });
appendFileSync(NOTES, "began " + NAME + " " + process.pid + " " + child.pid + "\\n");
process.on("SIGTERM", () => {
  appendFileSync(NOTES, "asked " + NAME + "\\n");
  if (!STUBBORN) setTimeout(() => { appendFileSync(NOTES, "ended " + NAME + "\\n"); child.kill(); process.exit(0); }, Number(FLUSH_MS ?? 50));
});
createServer((request, response) => response.end("ready")).listen(Number(PORT), "127.0.0.1");
`;

async function member(name: string, wave: Wave = 1, env: Record<string, string> = {}): Promise<Member> {
  const script = path.join(folder, "stand-in.mjs");
  await writeFile(script, STAND_IN);
  const [port] = await freePorts(1);
  return {
    name,
    command: process.execPath,
    args: [script],
    cwd: folder,
    env: { PATH: process.env["PATH"], NAME: name, PORT: String(port), NOTES: path.join(folder, "notes"), ...env },
    logFile: path.join(folder, `${name}.log`),
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    endsInWave: wave,
  };
}

async function notes(kind: string): Promise<string[][]> {
  const text = await readFile(path.join(folder, "notes"), "utf8");
  return text
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([first]) => first === kind);
}

/** Every pid that was ever begun here, stand-ins and their children. */
async function everyPid(): Promise<number[]> {
  return (await notes("began")).flatMap(([, , ...pids]) => pids.map(Number));
}

async function until(condition: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not within ${ms} ms: ${condition.toString()}`);
    await delay(5);
  }
}

it("starts a killed process again within 200 ms, and what it had started is gone", async () => {
  await using running = runProcesses([await member("api")], { list: openProcessList(folder), say: () => undefined });
  await running.untilReady();
  const first = running.pids().get("api")!;
  const killedAt = performance.now();
  process.kill(first, "SIGKILL");
  await until(() => ![undefined, first].includes(running.pids().get("api")));
  expect(performance.now() - killedAt).toBeLessThan(200);
  await running.untilReady();
  const [, child] = (await everyPid()) as [number, number];
  expect(isAlive({ pid: child })).toBe(false);
});

it("waits longer after each quick death, and never more than 5 s", () => {
  expect([1, 2, 3, 4, 8, 50].map(restartDelay)).toEqual([50, 100, 200, 400, 5_000, 5_000]);
});

it("ends wave after wave and leaves nothing behind", async () => {
  const members = [await member("sfu", 3), await member("capture", 1), await member("ship", 2)];
  const running = runProcesses(members, { list: openProcessList(folder), say: () => undefined });
  await running.untilReady();
  await running[Symbol.asyncDispose]();
  const order = (await readFile(path.join(folder, "notes"), "utf8"))
    .split("\n")
    .filter((line) => /^(asked|ended)/.test(line));
  expect(order).toEqual(["asked capture", "ended capture", "asked ship", "ended ship", "asked sfu", "ended sfu"]);
  expect((await everyPid()).filter((pid) => isAlive({ pid }))).toEqual([]);
});

it("lets capture and ship flush as long as they may, also where those after them are done at once", async () => {
  const members = [
    await member("sfu", 3),
    await member("capture", 1, { FLUSH_MS: "2000" }),
    await member("ship", 2, { FLUSH_MS: "2500" }),
  ];
  const running = runProcesses(members, { list: openProcessList(folder), say: () => undefined });
  await running.untilReady();
  await running[Symbol.asyncDispose]();
  expect((await notes("ended")).flatMap(([, name]) => name)).toEqual(["capture", "ship", "sfu"]);
});

it("kills who does not end, with everything below it, and leaves PostgreSQL its part of 5 s", async () => {
  const stubborn = { STUBBORN: "1" };
  const members = [
    await member("api", 3, stubborn),
    await member("ship", 2, stubborn),
    await member("capture", 1, stubborn),
  ];
  const running = runProcesses(members, { list: openProcessList(folder), say: () => undefined });
  await running.untilReady();
  const began = performance.now();
  await running[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(END_WITHIN_MS + 500);
  expect((await notes("asked")).map(([, name]) => name)).toEqual(["capture", "ship", "api"]);
  expect((await everyPid()).filter((pid) => isAlive({ pid }))).toEqual([]);
});

it("says of every process that cannot start what it logged, also of one that dies later than another", async () => {
  const broken = async (name: string, afterMs: number) => ({
    ...(await member(name)),
    args: ["--eval", `setTimeout(() => { console.error('${name} has no licence'); process.exit(1); }, ${afterMs})`],
  });
  const members = [await broken("api", 0), await broken("ship", 200), await member("sfu")];
  await using running = runProcesses(members, { list: openProcessList(folder), say: () => undefined });
  await expect(running.untilReady()).rejects.toThrow(
    /^api cannot start[^]*api has no licence[^]*ship cannot start[^]*ship has no licence/,
  );
});

it("ends what a killed starter left running, and only that", async () => {
  const file = (name: string) => JSON.stringify(path.join(import.meta.dirname, name));
  const starter = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `const { runProcesses } = await import(${file("run-processes.ts")});
       const { openProcessList } = await import(${file("process-list.ts")});
       const list = openProcessList(${JSON.stringify(folder)});
       const running = runProcesses(${JSON.stringify([await member("sfu"), await member("capture")])}, { list, say() {} });
       await running.untilReady();
       list.add("somebody", ${process.pid});
       process.stdout.write("ready");
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(starter.stdout, "data");
  starter.kill("SIGKILL");
  await once(starter, "exit");
  const left = await everyPid();
  expect(left.filter((pid) => isAlive({ pid }))).toEqual(left);

  // The same number, another process: as after a reboot.
  const list = path.join(folder, "run", "processes.json");
  const entries = JSON.parse(await readFile(list, "utf8")) as { pid: number; started: string }[];
  await writeFile(
    list,
    JSON.stringify(entries.map((entry) => (entry.pid === process.pid ? { ...entry, started: "1" } : entry))),
  );

  expect((await endLeftovers(folder)).toSorted()).toEqual(["capture", "sfu"]);
  expect(left.filter((pid) => isAlive({ pid }))).toEqual([]);
  expect((await notes("ended")).length).toBe(2);
});
