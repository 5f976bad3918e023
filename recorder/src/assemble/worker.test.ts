import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createLog } from "@verbatim/hands/log";
import { signManifest } from "@verbatim/hands/manifest-signature";
import { startTestPostgres } from "@verbatim/hands/postgres/embedded";
import { openStore } from "@verbatim/hands/store/open";
import type { Store } from "@verbatim/hands/store/store";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { manifestKey } from "@verbatim/shared/recording/keys";
import { ASSEMBLE_QUEUE, type AssembleJob, type Manifest } from "@verbatim/shared/recording/manifest";
import { PgBoss } from "pg-boss";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../../test/eventually.ts";
import { type EventsServer, SERVICE_SECRET, startEventsServer } from "../../test/events-server.ts";
import { temporary } from "../../test/temporary.ts";
import { clicks, manifestOf, newIds, newRun, newTrack, seconds, storeChunk } from "./test/interview.ts";

const log = createLog("assemble-test", "silent");
const folder = temporary();
let postgres: Awaited<ReturnType<typeof startTestPostgres>>;
let boss: PgBoss;
let store: Store;
let api: EventsServer;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  postgres = await startTestPostgres();
  api = await startEventsServer();
  store = await openStore({ kind: "disk", root: `${folder.path}/store` }, log);
  boss = new PgBoss({ connectionString: postgres.url, schema: "pgboss", supervise: false, schedule: false, max: 2 });
  boss.on("error", () => undefined); // Postgres is stopped before it, at the end.
  await boss.start();
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await boss?.stop({ graceful: false });
  await api?.[Symbol.asyncDispose]();
  await postgres?.stop();
  folder[Symbol.dispose]();
});

function startAssembler(): ChildProcess {
  const child = spawn(process.execPath, [new URL("../assemble-main.ts", import.meta.url).pathname], {
    env: {
      PATH: process.env["PATH"],
      TMPDIR: folder.path,
      DATABASE_URL: postgres.url,
      API_INTERNAL_URL: api.url,
      SERVICE_SECRET,
      STORE_DIR: `${folder.path}/store`,
      ASSEMBLER_OPS_PORT: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  return child;
}

/** Resolves when the process has logged an event. */
async function logged(child: ChildProcess, msg: string): Promise<void> {
  let text = "";
  for await (const part of child.stdout!) {
    text += String(part);
    if (text.includes(`"msg":"${msg}"`)) {
      child.stdout!.resume();
      return;
    }
  }
  throw new Error(`The assembler ended without ${msg}: ${text}`);
}

/** A stored interview of one speaker and its signed manifest. */
async function order(lengthS: number, change: (job: AssembleJob) => AssembleJob = (job) => job): Promise<Manifest> {
  const ids = newIds();
  const track = newTrack("candidate");
  const sound = clicks(lengthS, [0.5]);
  const runId = newRun();
  const chunks = [];
  for (let at = 0, seq = 0; at < lengthS; at += 30, seq++) {
    const endSamples = seconds(Math.min(lengthS, at + 30));
    const chunk = { ids, runId, track: track.trackId, seq, startSamples: seconds(at), endSamples, sound };
    chunks.push(await storeChunk(store, chunk));
  }
  const manifest = manifestOf({ ids, tracks: [track], chunks, endSamples: seconds(lengthS) });
  const key = manifestKey(ids.tenantId, ids.interviewId, 1);
  const bytes = Buffer.from(JSON.stringify(signManifest(SERVICE_SECRET, manifest)));
  await store.put(key, bytes, {
    sha256: createHash("sha256").update(bytes).digest("hex"),
    contentType: "application/json",
  });
  await boss.send(ASSEMBLE_QUEUE, change({ ...ids, revision: 1, manifestKey: key }));
  return manifest;
}

const told = <T extends RecorderEvent["type"]>(type: T, of: Manifest) =>
  api.events.filter((event): event is Extract<RecorderEvent, { type: T }> => {
    return event.type === type && event.recordingId === of.recordingId;
  });

it("takes a job, tells the api what it made, and outlives kills at any moment with one file each", async () => {
  const first = startAssembler();
  await logged(first, "assembler.started");
  const quick = await order(4);
  await eventually("assembled", () => told("assembled", quick).length > 0, 60_000);
  expect(told("assembled", quick)[0]!.assembly).toMatchObject({ state: "complete", revision: 1 });

  // Ten minutes are long enough to be killed in.
  const long = await order(600);
  await eventually(
    "begun",
    async () => (await boss.findJobs(ASSEMBLE_QUEUE)).some((job) => job.state === "active"),
    30_000,
  );
  first.kill("SIGKILL");
  await once(first, "exit");
  const second = startAssembler();
  const whole = () => told("assembled", long).find(({ assembly }) => assembly.tracks.length > 0);
  await eventually("assembled by the next", () => whole() !== undefined, 120_000);
  // The master was told before the speakers' files were there, and is the same.
  const [early] = told("assembled", long);
  const made = whole()!.assembly;
  expect(early!.assembly).toEqual({ ...made, tracks: [] });
  const objects = [];
  for await (const { key } of store.list(made.master.key.slice(0, made.master.key.indexOf("/master/") + 8)))
    objects.push(key);
  expect(objects.toSorted()).toEqual([made.master.key, made.tracks[0]!.file.key].toSorted());
  // What the killed one left half-made is gone too.
  expect(await readdir(`${folder.path}/verbatim-assembler`)).toEqual([]);
  second.kill("SIGTERM");
  await once(second, "exit");
  expect(second.exitCode).toBe(0);
}, 240_000);

it("gives up at once on a manifest that is not ours, and says so", async () => {
  const child = startAssembler();
  await logged(child, "assembler.started");
  const other = await order(2);
  const foreign = await order(2, (job) => ({ ...job, manifestKey: manifestKey(other.tenantId, other.interviewId, 1) }));
  await eventually("failure told", () => told("assemble-failed", foreign).length > 0, 60_000);
  expect(told("assemble-failed", foreign)[0]!.reason).toBe("The manifest is not the one that the job names.");
  expect(told("assembled", foreign)).toEqual([]);
  await eventually("dead letter", async () => (await boss.findJobs("dead")).length > 0, 30_000);
  child.kill("SIGTERM");
  await once(child, "exit");
}, 120_000);
