import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { isAlive } from "@verbatim/hands/process/alive";
import { getReview } from "@verbatim/shared/api/interviews";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePortSet, type PortName, type Ports, portTable } from "../local/ports.ts";
import type { Client } from "../rehearse/client.ts";
import { admit, joinAsCandidate, joinAsInterviewer, linkOf, signInAs } from "../rehearse/walk.ts";
import { anna, firstAccount, newInterview } from "./new-installation.ts";
import { lampIs, openGuest } from "./stage.ts";

/** `npm start` as a person uses it: one DATA_DIR and one set of ports through all of these, in this order. */
const START = path.resolve(import.meta.dirname, "../local/start.ts");
const READY_WITHIN_MS = 120_000;

let data: string;
let ports: Ports;
let current: Started | undefined;
let client: Client;
let interviewId: string;
const url = () => `http://localhost:${ports.api}`;
const codes: string[] = [];

type Started = { readonly child: ChildProcess; readonly output: () => string };

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), "verbatim-start-"));
  ports = await freePortSet(1);
});
afterAll(async () => {
  if (current && current.child.exitCode === null) {
    current.child.kill("SIGTERM");
    await once(current.child, "exit");
  }
  await rm(data, { recursive: true, force: true });
});

function start(): Started {
  const chosen = (Object.keys(portTable) as PortName[]).map((name) => [portTable[name].variable, String(ports[name])]);
  const child = spawn(process.execPath, [START], {
    env: { ...process.env, ...Object.fromEntries(chosen), DATA_DIR: data, SFU_WORKERS: "1", NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream!.on("data", (chunk) => (output += String(chunk)));
  return { child, output: () => output };
}

async function running(): Promise<Started> {
  const started = start();
  current = started;
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!started.output().includes("Verbatim runs:")) {
    if (started.child.exitCode !== null || performance.now() > deadline) throw new Error(started.output());
    await delay(20);
  }
  return started;
}

/** Every process whose DATA_DIR this is, or whose working folder lies in it (Postgres): what must not be left behind. */
async function processesOfData(): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const ours = await Promise.all(
    pids.map(async (pid) => {
      const env = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return isAlive({ pid }) && (env.includes(`DATA_DIR=${data}\0`) || command.includes(data)) ? [pid] : [];
    }),
  );
  return ours.flat();
}

async function endsWithin(started: Started, signal: NodeJS.Signals, ms: number): Promise<number> {
  const began = performance.now();
  const ended = once(started.child, "exit");
  started.child.kill(signal);
  await Promise.race([ended, delay(ms + 5_000)]);
  return performance.now() - began;
}

it("starts everything from an empty DATA_DIR and gives the code for the first account", async () => {
  const { output } = await running();
  const page = await fetch(`http://127.0.0.1:${ports.api}/`);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
  codes.push(/one-time code: (\S+)/.exec(output())![1]!);
});

it("refuses a second start beside it, and says where the first one is", async () => {
  const second = start();
  const [code] = await once(second.child, "exit");
  expect(code).toBe(1);
  expect(second.output()).toContain(
    `already runs on ${data}: http://localhost:${ports.api} (pid ${current!.child.pid})`,
  );
});

it("recovers after kill -9: ends what was left, keeps data and code", async () => {
  const left = await processesOfData();
  current!.child.kill("SIGKILL");
  await once(current!.child, "exit");
  const { output } = await running();
  expect(output()).toContain("Ended what a killed start had left running");
  expect(left.filter((pid) => isAlive({ pid }))).toEqual([]);
  expect(/one-time code: (\S+)/.exec(output())![1]).toBe(codes[0]);
});

it("ends at Ctrl-C within 5 s and leaves no process behind", async () => {
  expect((await processesOfData()).length).toBeGreaterThan(8);
  expect(await endsWithin(current!, "SIGINT", 5_000)).toBeLessThan(5_000);
  expect(await processesOfData()).toEqual([]);
  expect(await readdir(path.join(data, "run"))).not.toContain("start.json");
});

it("starts again within 10 s", async () => {
  const began = performance.now();
  await running();
  expect(performance.now() - began).toBeLessThan(10_000);
});

it("prints an address that signs in whoever has lost their password", async () => {
  client = await firstAccount(url(), codes[0]!);
  const command = path.resolve(import.meta.dirname, "../local/admin.ts");
  const env = { ...process.env, DATA_DIR: data };
  const { stdout } = await promisify(execFile)(process.execPath, [command, "link", anna.email], { env });
  expect(stdout.trim()).toMatch(new RegExp(`^${url()}/sign-in#.{20,}$`));
});

it("names at Ctrl-C the interview that is being recorded and ends nothing; a second one ends within 5 s", async () => {
  const interview = await newInterview(client);
  interviewId = interview.id;
  await using host = await openGuest("host");
  await using candidate = await openGuest("candidate");
  await signInAs(host.page, url(), anna);
  await joinAsInterviewer(host.page, url(), interviewId, false);
  await joinAsCandidate(candidate.page, linkOf(interview, "candidate"), false);
  await admit(host.page);
  await lampIs(host.page, "safe");

  const { child, output } = current!;
  child.kill("SIGINT");
  await expect.poll(output).toContain("Still recording: “Backend engineer”. Press Ctrl-C again");
  await lampIs(host.page, "safe");
  expect(child.exitCode).toBe(null);
  expect(await endsWithin(current!, "SIGINT", 5_000)).toBeLessThan(5_000);
  expect(await processesOfData()).toEqual([]);
});

it("has that recording at the next start", async () => {
  const started = await running();
  const { recordings } = await client.call(getReview, { params: { interviewId } });
  expect(recordings.length).toBe(1);
  expect(recordings[0]!.chunks.length).toBeGreaterThan(0);
  // Whoever manages the service does not ask twice.
  await endsWithin(started, "SIGTERM", 5_000);
  expect(await processesOfData()).toEqual([]);
});
