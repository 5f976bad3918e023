import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { signIn } from "@verbatim/shared/api/account";
import { getReview, type Interview, type Review } from "@verbatim/shared/api/interviews";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Contents } from "../local/backup/contents.ts";
import { root } from "../local/places.ts";
import { freePortSet, type PortName, portTable, type Ports } from "../local/ports.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { type Client, createClient } from "../rehearse/client.ts";
import { admit, joinAsCandidate, joinAsInterviewer, linkOf, signInAs, stopRecording } from "../rehearse/walk.ts";
import { anna, enterStage, newInterview } from "./new-installation.ts";
import { type Guest, lampIs, openStage, photographFailure, type Stage, understood } from "./stage.ts";

/** One interview that was recorded and one that is being recorded: backed up meanwhile, and both play elsewhere. */
const run = promisify(execFile);
const closing = new AsyncDisposableStack();
let stage: Stage;
let host: Guest;
let candidate: Guest;
let before: Client;
let folder: string;
let recorded: Interview;
let running: Interview;
let contents: Contents;
let elsewhere: { stack: Stack; client: Client } | undefined;

const envOf = (dataDir: string, ports: Ports): NodeJS.ProcessEnv => ({
  ...process.env,
  DATA_DIR: dataDir,
  ...Object.fromEntries(
    (Object.keys(portTable) as PortName[]).map((name) => [portTable[name].variable, String(ports[name])]),
  ),
});

async function command(name: "backup" | "restore", args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const script = path.join(root, "deploy", "local", `${name}.ts`);
  const { stdout } = await run(process.execPath, [script, ...args], { env, cwd: root });
  return stdout;
}

async function enter(interview: Interview): Promise<void> {
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await joinAsCandidate(candidate.page, linkOf(interview, "candidate"), false);
  await admit(host.page);
  for (const { page } of [host, candidate]) await lampIs(page, "safe", "behind");
}

const review = async (client: Client, interview: Interview): Promise<Review | undefined> =>
  (await client.call(getReview, { params: { interviewId: interview.id } })).recordings[0];

async function made(client: Client, interview: Interview): Promise<Review> {
  await expect.poll(async () => (await review(client, interview))?.masterUrl ?? null, { interval: 200 }).not.toBeNull();
  return (await review(client, interview))!;
}

/** Has the candidate speak, and waits until all of it lies in the store: a busy machine takes longer. */
async function says(interview: Interview): Promise<void> {
  const beginMs = Date.now() + 300;
  await candidate.microphone.begin(beginMs);
  const storedUntilMs = async (): Promise<number> => {
    const now = await review(before, interview);
    const ends = now?.chunks.map(({ endMs }) => endMs) ?? [];
    return Date.parse(now?.startedAt ?? "") + Math.max(...ends);
  };
  await expect.poll(storedUntilMs, { timeout: 150_000, interval: 200 }).toBeGreaterThan(beginMs + 8_000);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-backup-test-"));
  await chmod(folder, 0o711);
  closing.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  stage = closing.use(await openStage({ SFU_WORKERS: "1" }));
  before = await enterStage(stage);
  recorded = await newInterview(before, { title: "Recorded" });
  running = await newInterview(before, { title: "Running" });
  host = await stage.guest("host");
  candidate = await stage.guest("candidate", {
    says: [
      { atSeconds: 0, text: "my first job was at a bank in the city" },
      { atSeconds: 4, text: "my first job was at a bank in the city" },
    ],
  });
  await signInAs(host.page, stage.url, anna);
});
afterAll(async () => {
  await elsewhere?.stack.stop();
  await closing.disposeAsync();
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await photographFailure([host, candidate], task.name);
});

it("one interview is recorded to its end, and another one has begun", { timeout: 480_000 }, async () => {
  await enter(recorded);
  await says(recorded);
  await stopRecording(host.page);
  await made(before, recorded);
  await enter(running);
  await says(running);
});

it("is made while an interview is recorded, which does not notice", async () => {
  const { dataDir, ports } = stage.stack.settings;
  const said = await command("backup", [path.join(folder, "monday")], envOf(dataDir, ports));
  expect(said).toContain("objects copied");
  contents = Contents.parse(JSON.parse(await readFile(path.join(folder, "monday", "backup.json"), "utf8")));
  expect(contents.store).toMatchObject({ kind: "copied", faulty: [] });
  expect(contents.files.filter(({ path: name }) => name.endsWith("control.spool")).length).toBeGreaterThan(0);
  await lampIs(host.page, "safe", "behind");
  expect((await readdir(path.join(dataDir, "spool"))).filter((name) => name.startsWith(".backup-"))).toEqual([]);
  await expect(command("backup", [path.join(folder, "monday")], envOf(dataDir, ports))).rejects.toThrow(
    "exists already",
  );
});

it("is refused where something lies already, and where a file of it was changed", async () => {
  const { dataDir, ports } = stage.stack.settings;
  const restore = (from: string, to: string) => command("restore", [path.join(folder, from)], envOf(to, ports));
  await expect(restore("monday", dataDir)).rejects.toThrow("not empty");
  await expect(restore("tuesday", path.join(folder, "new"))).rejects.toThrow("no whole backup");
});

it("is restored elsewhere: what was recorded plays, and every hash is the one it was", async () => {
  const dataDir = path.join(folder, "elsewhere");
  const ports = await freePortSet(1);
  const env = envOf(dataDir, ports);
  await command("restore", [path.join(folder, "monday")], env);
  const { workerBin } = stage.stack.settings;
  const stack = await startStack({
    env: { ...process.env, SFU_WORKERS: "1", CLOSE_AFTER_EMPTY_MINUTES: "0.05" },
    dataDir,
    ports,
    workerBin,
    offlineSpeech: false,
  });
  const client = createClient(stack.urls.public);
  elsewhere = { stack, client };
  await client.call(signIn, { body: anna });
  const [then, now] = [await made(before, recorded), await made(client, recorded)];
  expect(now.chunks).toEqual(then.chunks);
  for (const chunk of now.chunks) {
    const bytes = await readFile(path.join(dataDir, "store", chunk.key));
    expect(createHash("sha256").update(bytes).digest("hex"), chunk.key).toBe(chunk.sha256);
  }
  expect(await client.download(now.masterUrl ?? "")).toEqual(await before.download(then.masterUrl ?? ""));
  expect(now.segments).toEqual(then.segments);
});

it("the one that was running is closed where the backup ends, assembled, and holds what was said until then", async () => {
  const { client } = elsewhere!;
  const now = await made(client, running);
  const file = path.join(folder, "running.mp3");
  await writeFile(file, await client.download(now.masterUrl ?? ""));
  expect(await understood(file)).toMatch(/first job|bank|city/);
  expect(now.problems).toEqual([]);
});
