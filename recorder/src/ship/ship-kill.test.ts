import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sha256Hex } from "@verbatim/hands/store/hash";
import { createDiskStore } from "@verbatim/hands/store/disk";
import { startVersitygw } from "../../../shared/hands/test/versitygw.ts";
import { eventually as within } from "../../test/eventually.ts";
import { SERVICE_SECRET, startEventsServer } from "../../test/events-server.ts";
import { beeps, opusPackets } from "../../test/opus-source.ts";
import { seatOf } from "../../test/spool-samples.ts";
import { syntheticRun, type Voice } from "../../test/synthetic-run.ts";
import { temporary } from "../../test/temporary.ts";

/** Processes start within this on a machine that is busy with other tests. */
const eventually = <T>(what: string, look: () => T | Promise<T>) => within(what, look, 40_000);
const main = new URL("../ship-main.ts", import.meta.url).pathname;

function startShip(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [main], {
    env: { PATH: process.env["PATH"], SERVICE_SECRET, SHIP_OPS_PORT: "0", LOG_LEVEL: "error", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
};

function voices(seconds: number): Voice[] {
  const two = opusPackets(beeps(), 4).slice(50, 150);
  const packets = Array.from({ length: seconds * 50 }, (_, n) => two[n % 100]!);
  return [
    { seat: seatOf(11), packets },
    { seat: seatOf(12), packets, atMs: 500 },
  ];
}

it("killed 20 times during a run, ship stores every chunk once and whole", async () => {
  using dir = temporary();
  await using events = await startEventsServer();
  const [spoolDir, storeDir] = [join(dir.path, "spool"), join(dir.path, "store")];
  const env = { SPOOL_DIR: spoolDir, STORE_DIR: storeDir, API_INTERNAL_URL: events.url };
  const run = syntheticRun({ spoolDir, voices: voices(62) });
  run.control({ to: "recording", atMs: 0 });
  let state = 7;
  for (let kill = 0; kill < 20; kill++) {
    run.writeTo((kill + 1) * 3_000);
    const child = startShip(env);
    // From the first instruction on, at no particular one: until some sign of life, and a little more.
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const aliveBefore = events.alive.length;
    if (kill % 4 > 0)
      await eventually("a sign of life", () => events.alive.length > aliveBefore || child.exitCode !== null);
    await new Promise((resolve) => setTimeout(resolve, state % 60));
    await end(child, "SIGKILL");
  }
  run.end(62_000, "recovered");
  const last = startShip(env);
  await eventually("the end", () => events.alive.at(-1)?.storedSamples === 62_000 * 48);
  await end(last, "SIGTERM");
  expect(last.exitCode).toBe(0);

  const rows = new Map(events.chunks.map((chunk) => [chunk.key, chunk]));
  expect(rows.size).toBe(18);
  // Whenever an event was repeated it said the same.
  for (const chunk of events.chunks) expect(chunk).toEqual(rows.get(chunk.key));
  const store = await createDiskStore({ root: storeDir });
  const keys: string[] = [];
  for await (const { key } of store.list("recordings/")) keys.push(key);
  expect(keys.toSorted()).toEqual([...rows.keys()].toSorted());
  for (const row of rows.values()) expect(sha256Hex(await store.get(row.key))).toBe(row.sha256);

  // As one that was never killed would have made them.
  using calm = temporary();
  const other = syntheticRun({ spoolDir: join(calm.path, "spool"), voices: voices(62) });
  other.control({ to: "recording", atMs: 0 });
  other.writeTo(60_000);
  other.end(62_000, "recovered");
  await using calmEvents = await startEventsServer();
  const calmEnv = { SPOOL_DIR: join(calm.path, "spool"), STORE_DIR: join(calm.path, "store") };
  const child = startShip({ ...calmEnv, API_INTERNAL_URL: calmEvents.url });
  await eventually("the end", () => calmEvents.alive.at(-1)?.storedSamples === 62_000 * 48);
  await end(child, "SIGTERM");
  expect(new Map(calmEvents.chunks.map((chunk) => [chunk.key, chunk.sha256]))).toEqual(
    new Map([...rows.values()].map((chunk) => [chunk.key, chunk.sha256])),
  );
}, 300_000);

/** Stands between ship and the store, and is as bad a network as it is told to be. */
async function network(target: URL) {
  const sockets = new Set<Socket>();
  let mood: "fine" | "refuse" | "silent" | "cut" = "fine";
  let met = 0;
  const server = createServer((client) => {
    met += 1;
    sockets.add(client);
    client.on("error", () => undefined); // Ours to cut.
    client.on("close", () => sockets.delete(client));
    if (mood === "refuse") return client.destroy();
    const onward = createConnection(Number(target.port), target.hostname);
    sockets.add(onward);
    onward.on("error", () => undefined); // Cut with it.
    onward.on("close", () => client.destroy());
    client.on("close", () => onward.destroy());
    let bytes = 0;
    client.on("data", (data: Buffer) => {
      bytes += data.length;
      if (mood === "silent") return;
      if (mood === "cut" && bytes > 20_000) return client.destroy();
      onward.write(data);
    });
    onward.on("data", (data: Buffer) => {
      if (mood !== "silent") client.write(data);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    set(next: typeof mood) {
      mood = next;
      for (const socket of sockets) socket.destroy();
    },
    get met() {
      return met;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}

it("with a real S3 behind a bad network, ship keeps the spool and drains it when the network is good again", async () => {
  using dir = temporary();
  await using s3 = await startVersitygw();
  await using events = await startEventsServer();
  await using between = await network(new URL(s3.config.endpoint!));
  const spoolDir = join(dir.path, "spool");
  const run = syntheticRun({ spoolDir, voices: voices(60) });
  run.control({ to: "recording", atMs: 0 });
  const ship = startShip({
    SPOOL_DIR: spoolDir,
    API_INTERNAL_URL: events.url,
    S3_BUCKET: "recordings",
    S3_ENDPOINT: between.url,
    S3_ACCESS_KEY_ID: "key",
    S3_SECRET_ACCESS_KEY: "secret",
  });
  try {
    run.writeTo(5_000);
    await eventually("the first chunks", () => events.chunks.length === 3);
    const logBytes = () => readdirSync(run.dir).map((file) => readFileSync(join(run.dir, file)).length);
    for (const [step, mood] of (["refuse", "cut", "silent"] as const).entries()) {
      between.set(mood);
      run.writeTo([8_000, 13_000, 33_000][step]!);
      const before = between.met;
      await eventually(`${mood} is met`, () => between.met > before);
      // What is short may slip through before the cut; a mix is not.
      const mixes = () => events.chunks.filter(({ track }) => track === "mix").length;
      const had = mixes();
      const spool = logBytes();
      await eventually("a backlog is said", () => events.alive.at(-1)!.backlog > 0);
      expect(mixes()).toBe(had);
      expect(logBytes().every((bytes, n) => bytes >= spool[n]!)).toBe(true);
      between.set("fine");
      await eventually(
        `drained after ${mood}`,
        () => events.chunks.length === [6, 9, 12][step] && events.alive.at(-1)!.backlog === 0,
      );
    }
    for (const row of events.chunks) {
      expect(sha256Hex(readFileSync(join(s3.files, row.key)))).toBe(row.sha256);
    }
  } finally {
    await end(ship, "SIGKILL");
  }
}, 300_000);
