import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createEventClient } from "@verbatim/hands/event-client";
import { createLog } from "@verbatim/hands/log";
import { createDiskStore } from "@verbatim/hands/store/disk";
import type { Store } from "@verbatim/hands/store/store";
import { samplesToMs } from "@verbatim/shared/clock";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import { eventually } from "../../test/eventually.ts";
import { type EventsServer, SERVICE_SECRET, startEventsServer } from "../../test/events-server.ts";
import { beeps, onsets, opusPackets, play } from "../../test/opus-source.ts";
import { runHeader, runOf, seatOf } from "../../test/spool-samples.ts";
import { markUs, type SyntheticRun, syntheticRun, type Voice } from "../../test/synthetic-run.ts";
import { temporary } from "../../test/temporary.ts";
import { openLibopus } from "../opus/libopus.ts";
import { createShip, type Ship } from "./ship.ts";
import { SCRIBE_DONE } from "./run-shipper.ts";

vi.setConfig({ testTimeout: 120_000 });
const log = createLog("test", process.env["TEST_LOG"] ?? "silent");
const opus = await openLibopus();
const interviewer = seatOf(11);
const candidate = seatOf(12);
const ENCODER_DELAY_MS = 6.5;

let high: Buffer[];
let low: Buffer[];
beforeAll(() => {
  // Two seconds over and over: what is encoded repeats every second, and the seam lies in silence.
  const long = (hertz: number): Buffer[] => {
    const two = opusPackets(beeps(hertz), 4).slice(50, 150);
    return Array.from({ length: 160 * 50 }, (_, n) => two[n % 100]!);
  };
  high = long(1000);
  low = long(500);
});
/** The candidate's beeps come half a second after the interviewer's. */
const voices = (seconds = 160): Voice[] => [
  { seat: interviewer, packets: high.slice(0, seconds * 50) },
  { seat: candidate, packets: low.slice(0, seconds * 50), atMs: 500 },
];

type Shipping = AsyncDisposable & {
  readonly spoolDir: string;
  readonly store: Store;
  readonly events: EventsServer;
  readonly ship: Ship;
  stop(): Promise<void>;
};

async function shipping(
  options: {
    readonly store?: (real: Store) => Store;
    readonly spoolDir?: string;
    readonly storeDir?: string;
    readonly utcMs?: () => number;
    readonly flushMs?: number;
  } = {},
): Promise<Shipping> {
  const dir = temporary();
  const spoolDir = options.spoolDir ?? join(dir.path, "spool");
  const real = await createDiskStore({ root: options.storeDir ?? join(dir.path, "store") });
  const store = options.store?.(real) ?? real;
  const events = await startEventsServer();
  const end = new AbortController();
  const client = createEventClient({
    url: events.url,
    secret: SERVICE_SECRET,
    from: "ship",
    log,
    signal: end.signal,
    random: () => 0.05,
  });
  const ship = createShip({
    spoolDir,
    store,
    events: client,
    opus,
    log,
    random: () => 0.002,
    // Two minutes into the recording: a Stop may still be undone.
    utcMs: options.utcMs ?? (() => runHeader.clock.startUtcMs + 120_000),
    tickMs: 10,
  });
  const stopping = new AbortController();
  const running = ship.run(stopping.signal, options.flushMs ?? 200);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
    end.abort();
  };
  return {
    spoolDir,
    store: real,
    events,
    ship,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await events[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
}

const ofTrack = (rows: readonly ChunkRow[], track: string): ChunkRow[] =>
  rows.filter((row) => row.track === track).toSorted((a, b) => a.seq - b.seq);
const rangesMs = (rows: readonly ChunkRow[]) =>
  rows.map(({ startSamples, endSamples }) => [samplesToMs(startSamples), samplesToMs(endSamples)]);
const mixOf = (rows: readonly ChunkRow[]): ChunkRow[] => ofTrack(rows, "mix");
const until = (at: Shipping, what: string, look: () => unknown) =>
  eventually(`${what}; have ${JSON.stringify(rangesMs(mixOf(at.events.chunks)))}`, look, 60_000);

/** Plays every chunk as anyone would, and compares it with what its row says. */
async function expectSound(store: Store, rows: readonly ChunkRow[]): Promise<void> {
  for (const row of rows) {
    const file = await store.get(row.key);
    expect(createHash("sha256").update(file).digest("hex")).toBe(row.sha256);
    expect(file.byteLength).toBe(row.bytes);
    const seconds = (row.endSamples - row.startSamples) / 48_000;
    const pcm = play(file);
    expect(Math.abs(pcm.length / 48_000 - seconds)).toBeLessThan(0.02);
  }
}

/** Where beeps lie on the recording's clock, ms, over all chunks of a track put one after the other. */
async function heard(store: Store, rows: readonly ChunkRow[]): Promise<number[]> {
  const all: number[] = [];
  for (const row of rows) {
    const found = onsets(play(await store.get(row.key)), 48_000);
    all.push(...found.map((ms) => ms + row.startSamples / 48));
  }
  return all;
}

const expectBeeps = (found: readonly number[], expected: readonly number[]): void => {
  const off = expected.map((at) => Math.min(...found.map((one) => Math.abs(one - at))));
  expect(Math.max(0, ...off)).toBeLessThan(20);
  expect(found.length).toBe(expected.length);
};
const seconds = (from: number, to: number, phase = 0) =>
  Array.from({ length: to - from }, (_, n) => (from + n) * 1000 + phase + ENCODER_DELAY_MS);

function finishedRun(at: Shipping, ms: number, options: { readonly voices?: Voice[] } = {}): SyntheticRun {
  const run = syntheticRun({ spoolDir: at.spoolDir, voices: options.voices ?? voices() });
  run.control({ to: "recording", atMs: 0 });
  run.writeTo(ms);
  run.end(ms);
  return run;
}

describe("shipping a run", () => {
  it("makes chunks of mix and speakers that play exactly what they say, and chains them", async () => {
    await using at = await shipping();
    finishedRun(at, 65_000);
    await until(at, "all chunks", () => at.events.chunks.length >= 18);
    const rows = at.events.chunks;
    const cuts = [
      [0, 2_000],
      [2_000, 5_000],
      [5_000, 10_000],
      [10_000, 30_000],
      [30_000, 60_000],
      [60_000, 65_000],
    ];
    expect(rangesMs(mixOf(rows))).toEqual(cuts);
    expect(rangesMs(ofTrack(rows, `${interviewer}-audio`))).toEqual(cuts);
    expect(rangesMs(ofTrack(rows, `${candidate}-audio`))).toEqual([[500, 2_000], ...cuts.slice(1)]);
    await expectSound(at.store, rows);
    for (const track of ["mix", `${interviewer}-audio`, `${candidate}-audio`]) {
      const own = ofTrack(rows, track);
      expect(own.map(({ seq }) => seq)).toEqual(own.map((_, n) => n));
      expect(own.map(({ previousSha256 }) => previousSha256)).toEqual([
        null,
        ...own.slice(0, -1).map((row) => row.sha256),
      ]);
      expect(own.flatMap(({ gaps }) => gaps)).toEqual([]);
    }
    expectBeeps(await heard(at.store, ofTrack(rows, `${candidate}-audio`)), seconds(0, 65, 500).slice(0, 65));
    const mixed = [...seconds(0, 65), ...seconds(0, 65, 500)].toSorted((a, b) => a - b);
    expectBeeps(await heard(at.store, mixOf(rows)), mixed);
    await until(at, "the end said", () => at.events.alive.at(-1)?.storedSamples === 65 * 48_000);
    expect(at.events.alive.at(-1)).toMatchObject({ endSamples: 65 * 48_000, backlog: 0, durableSamples: 65 * 48_000 });
    expect(at.events.alive.at(-1)!.tracks.map(({ lastPacketSamples }) => samplesToMs(lastPacketSamples))).toEqual([
      65_000, 65_000,
    ]);
  });

  it("closes a chunk only when the spool has gone 2 s beyond it, whatever the clock on the wall says", async () => {
    await using at = await shipping();
    const run = syntheticRun({ spoolDir: at.spoolDir, voices: voices() });
    run.control({ to: "recording", atMs: 0 });
    run.writeTo(3_900);
    await until(at, "the run seen", () => at.events.alive.at(-1)?.durableSamples === 3_900 * 48);
    expect(at.events.chunks).toEqual([]);
    expect(at.events.alive.at(-1)).toMatchObject({ endSamples: null, storedSamples: 0 });
    run.writeTo(4_000);
    await until(at, "the first chunk", () => at.events.chunks.length === 3);
    expect(rangesMs(mixOf(at.events.chunks))).toEqual([[0, 2_000]]);
    await until(at, "the first chunk safe", () => at.events.alive.at(-1)?.storedSamples === 2_000 * 48);
  });

  it("closes at Stop, goes on from there when Stop is undone, and keeps nothing of what was said after it otherwise", async () => {
    await using at = await shipping();
    const run = syntheticRun({ spoolDir: at.spoolDir, voices: voices() });
    run.control({ to: "recording", atMs: 0 });
    run.writeTo(12_300);
    run.control({ to: "recording", atMs: 0 }, { to: "stopped", atMs: 12_345 });
    run.writeTo(12_700);
    await until(at, "the chunk up to Stop", () => at.events.chunks.length === 12);
    expect(rangesMs(mixOf(at.events.chunks)).at(-1)).toEqual([10_000, 12_345]);
    await until(at, "Stop safe", () => at.events.alive.at(-1)?.storedSamples === 12_345 * 48);

    run.writeTo(60_000);
    const undone = [
      { to: "recording", atMs: 0 },
      { to: "stopped", atMs: 12_345 },
      { to: "recording", atMs: 60_000 },
    ] as const;
    run.control(...undone);
    run.writeTo(92_000);
    await until(at, "chunks after the undo", () => at.events.chunks.length === 21);
    expect(rangesMs(mixOf(at.events.chunks)).slice(3)).toEqual([
      [10_000, 12_345],
      [12_345, 30_000],
      [30_000, 60_000],
      [60_000, 90_000],
    ]);
    run.control(...undone, { to: "stopped", atMs: 100_000 });
    run.writeTo(130_000);
    run.control(...undone, { to: "stopped", atMs: 100_000 }, { to: "closed", atMs: 130_000 });
    run.end(130_000);
    await until(at, "the last chunk", () => at.events.chunks.length === 24);
    expect(rangesMs(mixOf(at.events.chunks)).at(-1)).toEqual([90_000, 100_000]);
    const rows = at.events.chunks;
    await expectSound(at.store, rows);
    expectBeeps(await heard(at.store, ofTrack(rows, `${interviewer}-audio`)), seconds(0, 100));
    expect(rows.flatMap(({ gaps }) => gaps)).toEqual([]);
  });

  it("learns from a later run that a Stop was undone, and keeps what this one held after it", async () => {
    await using at = await shipping();
    const first = syntheticRun({ spoolDir: at.spoolDir, voices: voices() });
    const stopped = [
      { to: "recording", atMs: 0 },
      { to: "stopped", atMs: 8_000 },
    ] as const;
    first.control(...stopped);
    first.writeTo(20_000);
    first.end(20_000, "recovered");
    await until(at, "Stop", () => at.events.chunks.length === 9);
    writeFileSync(join(first.dir, SCRIBE_DONE), "");
    const second = syntheticRun({ spoolDir: at.spoolDir, voices: voices(), runId: runOf(99), startMs: 21_000 });
    second.control(...stopped, { to: "recording", atMs: 30_000 });
    second.writeTo(33_000);
    await until(at, "the rest", () => at.events.chunks.length === 18);
    const rows = mixOf(at.events.chunks);
    const own = rows.filter(({ runId }) => runId === first.header.runId);
    expect(rangesMs(own).at(-2)).toEqual([8_000, 10_000]);
    expect(rangesMs(own).at(-1)).toEqual([10_000, 20_000]);
    expect(rangesMs(rows.filter(({ runId }) => runId === runOf(99)))).toEqual([[21_000, 30_000]]);
    await until(at, "the first run gone", () => !existsSync(first.dir));
  });

  it("leaves a pause silent, says so, and holds nothing that was said in it", async () => {
    await using at = await shipping();
    const paused = voices().map((voice) => ({
      ...voice,
      // As capture does: what arrives in a pause is not written. Stragglers are, with sound in them.
      delayMs: (n: number) => {
        const ms = n * 20 + (voice.atMs ?? 0);
        return ms >= 6_000 && ms < 8_500 && n !== 350 && n !== 351 ? Number.POSITIVE_INFINITY : 0;
      },
    }));
    const run = syntheticRun({ spoolDir: at.spoolDir, voices: paused });
    run.control({ to: "recording", atMs: 0 }, { to: "paused", atMs: 6_000 }, { to: "recording", atMs: 8_500 });
    run.writeTo(15_000);
    run.end(15_000);
    await until(at, "all chunks", () => at.events.chunks.length === 12);
    const rows = ofTrack(at.events.chunks, `${interviewer}-audio`);
    expect(rows.flatMap(({ gaps }) => gaps)).toEqual([
      { startSamples: 6_000 * 48, endSamples: 8_500 * 48, cause: "paused" },
    ]);
    expect(mixOf(at.events.chunks)[2]!.gaps).toEqual(rows[2]!.gaps);
    await expectSound(at.store, rows);
    expectBeeps(await heard(at.store, rows), [...seconds(0, 6), ...seconds(9, 15)]);
  });

  it("labels loss, a stalled sender and a lost connection; mute is silence that was meant", async () => {
    await using at = await shipping();
    const marks = [
      { type: "absent", atUs: markUs(13_200), cause: "disconnect" },
      { type: "present", atUs: markUs(17_900) },
      { type: "mute", atUs: markUs(21_000) },
      { type: "unmute", atUs: markUs(26_000) },
    ] as const;
    const missing = (ms: number) =>
      ms === 3_000 || (ms >= 13_000 && ms < 18_000) || (ms >= 21_000 && ms < 26_000) ? Number.POSITIVE_INFINITY : 0;
    const run = finishedRun(at, 32_000, {
      voices: [
        { seat: candidate, packets: low, marks, delayMs: (n) => missing(n * 20) },
        // Their clock stood still for 1.5 s at 29 s, over a cut: everything later comes 1.5 s later.
        { seat: interviewer, packets: high, delayMs: (n) => (n >= 1_450 ? 1_500 : 0) },
      ],
    });
    await until(at, "all chunks", () => at.events.chunks.length === 15);
    const ms = (track: string) =>
      ofTrack(at.events.chunks, track).flatMap(({ gaps }) =>
        gaps.map((gap) => [gap.cause, samplesToMs(gap.startSamples), samplesToMs(gap.endSamples)]),
      );
    expect(ms(`${candidate}-audio`)).toEqual([
      ["loss", 3_000, 3_020],
      ["disconnect", 13_000, 18_000],
    ]);
    expect(ms(`${interviewer}-audio`)).toEqual([
      ["capture_stall", 29_000, 30_000],
      ["capture_stall", 30_000, 30_500],
    ]);
    expect(run.dir).toContain(runOf(4));
    await expectSound(at.store, at.events.chunks);
    const stalled = await heard(at.store, ofTrack(at.events.chunks, `${interviewer}-audio`));
    expectBeeps(stalled, [...seconds(0, 29), ...seconds(29, 31, 1_500).slice(0, 2)]);
  });

  it("has no chunk of a speaker for a slot that holds nothing of them, and none at all for an empty one", async () => {
    await using at = await shipping();
    const only = (from: number, to: number) => (n: number) => {
      const at20 = n * 20;
      return at20 >= from && at20 < to ? 0 : Number.POSITIVE_INFINITY;
    };
    finishedRun(at, 125_000, {
      voices: [
        { seat: interviewer, packets: high, delayMs: only(0, 50_000) },
        { seat: candidate, packets: low, delayMs: only(100_000, 125_000) },
      ],
    });
    await until(at, "the end", () => at.events.alive.at(-1)?.storedSamples === 125_000 * 48);
    const rows = at.events.chunks;
    expect(rangesMs(ofTrack(rows, `${interviewer}-audio`)).at(-1)).toEqual([30_000, 60_000]);
    expect(rangesMs(ofTrack(rows, `${candidate}-audio`))).toEqual([
      [100_000, 120_000],
      [120_000, 125_000],
    ]);
    expect(rangesMs(mixOf(rows)).slice(-3)).toEqual([
      [30_000, 60_000],
      [90_000, 120_000],
      [120_000, 125_000],
    ]);
    expect(ofTrack(rows, `${interviewer}-audio`).at(-1)!.gaps).toEqual([
      { startSamples: 50_000 * 48, endSamples: 60_000 * 48, cause: "loss" },
    ]);
  });

  it("starts within a slot where the run does", async () => {
    await using at = await shipping();
    const run = syntheticRun({ spoolDir: at.spoolDir, voices: voices(), startMs: 47_300 });
    run.control({ to: "recording", atMs: 0 });
    run.writeTo(61_000);
    run.end(61_000, "recovered");
    await until(at, "all chunks", () => at.events.chunks.length === 6);
    expect(rangesMs(mixOf(at.events.chunks))).toEqual([
      [47_300, 60_000],
      [60_000, 61_000],
    ]);
    await expectSound(at.store, at.events.chunks);
  });
});

describe("a run's spool", () => {
  it("is deleted only when all is stored and answered, the scribe is past it, and no undo can come", async () => {
    await using at = await shipping();
    const run = syntheticRun({ spoolDir: at.spoolDir, voices: voices() });
    run.control({ to: "recording", atMs: 0 }, { to: "stopped", atMs: 3_000 });
    run.writeTo(5_000);
    await until(at, "Stop safe", () => at.events.alive.at(-1)?.storedSamples === 3_000 * 48);
    writeFileSync(join(run.dir, SCRIBE_DONE), "");
    const ticks = at.events.alive.length;
    await until(at, "some more looks", () => at.events.alive.length > ticks + 3);
    expect(existsSync(run.dir)).toBe(true); // Not ended.
    run.control({ to: "recording", atMs: 0 }, { to: "stopped", atMs: 3_000 }, { to: "closed", atMs: 5_000 });
    run.end(5_000);
    await until(at, "deletion", () => !existsSync(run.dir));
    await until(at, "nothing left", () => readdirSync(join(at.spoolDir, run.header.instance)).length === 0);
    expect(at.events.alive.at(-1)).toMatchObject({ endSamples: 5_000 * 48, storedSamples: 3_000 * 48 });
  });

  it("waits for an undo that may come in another run, as long as one may", async () => {
    let nowMs = runHeader.clock.startUtcMs + 120_000;
    await using at = await shipping({ utcMs: () => nowMs });
    const run = syntheticRun({ spoolDir: at.spoolDir, voices: voices() });
    run.control({ to: "recording", atMs: 0 }, { to: "stopped", atMs: 3_000 });
    run.writeTo(5_000);
    run.end(5_000, "recovered");
    writeFileSync(join(run.dir, SCRIBE_DONE), "");
    await until(at, "Stop safe", () => at.events.alive.at(-1)?.storedSamples === 3_000 * 48);
    const ticks = at.events.alive.length;
    await until(at, "some more looks", () => at.events.alive.length > ticks + 3);
    expect(existsSync(run.dir)).toBe(true);
    nowMs += 900_000;
    await until(at, "deletion", () => !existsSync(run.dir));
  });

  it("waits for the scribe", async () => {
    await using at = await shipping();
    const run = finishedRun(at, 5_000);
    await until(at, "all stored", () => at.events.alive.at(-1)?.storedSamples === 5_000 * 48);
    const ticks = at.events.alive.length;
    await until(at, "some more looks", () => at.events.alive.length > ticks + 3);
    expect(existsSync(run.dir)).toBe(true);
    writeFileSync(join(run.dir, SCRIBE_DONE), "");
    await until(at, "deletion", () => !existsSync(run.dir));
  });

  it("is intact while the store is away, and drains when it is back", async () => {
    let away = true;
    let tries = 0;
    await using at = await shipping({
      store: (real) => ({
        ...real,
        async put(key, content, options) {
          tries += 1;
          if (away) throw new Error("503 Slow Down");
          return await real.put(key, content, options);
        },
      }),
    });
    const run = finishedRun(at, 35_000);
    writeFileSync(join(run.dir, SCRIBE_DONE), "");
    await until(at, "some tries", () => tries > 20);
    expect(existsSync(run.dir)).toBe(true);
    expect(at.events.chunks).toEqual([]);
    await until(at, "a backlog", () => (at.events.alive.at(-1)?.backlog ?? 0) === 15);
    away = false;
    await until(at, "everything", () => at.events.chunks.length === 15);
    await until(at, "deletion", () => !existsSync(run.dir));
    await expectSound(at.store, at.events.chunks);
  });

  it("is not deleted for a chunk that the store gives back otherwise", async () => {
    let damaged = true;
    await using at = await shipping({
      store: (real) => ({
        ...real,
        async get(key, options) {
          const content = await real.get(key, options);
          return damaged && key.includes("/mix/") ? content.subarray(1) : content;
        },
      }),
    });
    const run = finishedRun(at, 3_000);
    writeFileSync(join(run.dir, SCRIBE_DONE), "");
    await until(at, "failures", () => at.ship.counters.failed > 5);
    expect(existsSync(run.dir)).toBe(true);
    expect(mixOf(at.events.chunks)).toEqual([]);
    damaged = false;
    await until(at, "deletion", () => !existsSync(run.dir));
  });

  it("stores a chunk under the next number where its key is taken, and loses nothing", async () => {
    await using at = await shipping();
    const run = syntheticRun({ spoolDir: at.spoolDir, voices: voices() });
    const { tenantId, interviewId, runId } = run.header;
    const key = `recordings/${tenantId}/${interviewId}/mix/${runId}/mix/00000000.wav`;
    const other = Buffer.from("another content");
    const sha256 = createHash("sha256").update(other).digest("hex");
    await at.store.put(key, other, { sha256, contentType: "audio/wav" });
    run.control({ to: "recording", atMs: 0 });
    run.writeTo(3_000);
    run.end(3_000);
    await until(at, "all", () => at.events.chunks.length === 6);
    expect(mixOf(at.events.chunks).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(Buffer.from(await at.store.get(key))).toEqual(other);
  });
});

describe("after a restart", () => {
  it("ship makes the same bytes, whatever it had done: nothing twice, nothing missing", async () => {
    using dir = temporary();
    const spoolDir = join(dir.path, "spool");
    const storeDir = join(dir.path, "store");
    const run = syntheticRun({ spoolDir, voices: voices() });
    run.control({ to: "recording", atMs: 0 });
    run.writeTo(12_000);
    const rows: ChunkRow[] = [];
    {
      await using at = await shipping({ spoolDir, storeDir });
      await until(at, "the first chunks", () => at.events.chunks.length === 9);
      rows.push(...at.events.chunks);
    }
    run.writeTo(40_000);
    run.end(40_000);
    {
      await using at = await shipping({ spoolDir, storeDir });
      await until(at, "the rest", () => at.events.chunks.length === 6);
      rows.push(...at.events.chunks);
    }
    // Made at once, from nothing, elsewhere.
    await using fresh = await shipping({ spoolDir: copyWithoutLog(spoolDir, join(dir.path, "copy")) });
    await until(fresh, "all", () => fresh.events.chunks.length === 15);
    const byKey = (all: readonly ChunkRow[]) => all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    expect(byKey(rows)).toEqual(byKey(fresh.events.chunks));
  });

  it("flushes what is due when it is told to stop", async () => {
    await using at = await shipping({ flushMs: 10_000 });
    const run = syntheticRun({ spoolDir: at.spoolDir, voices: voices() });
    run.control({ to: "recording", atMs: 0 });
    run.writeTo(7_000);
    run.end(7_000, "shutdown");
    await at.stop();
    expect(rangesMs(mixOf(at.events.chunks)).at(-1)).toEqual([5_000, 7_000]);
  });
});

function copyWithoutLog(from: string, to: string): string {
  const { cpSync } = process.getBuiltinModule("node:fs");
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith("ship.log") });
  return to;
}

it("a line of ship.log that a crash cut short is done again", async () => {
  using dir = temporary();
  const spoolDir = join(dir.path, "spool");
  const storeDir = join(dir.path, "store");
  const run = syntheticRun({ spoolDir, voices: voices() });
  run.control({ to: "recording", atMs: 0 });
  run.writeTo(5_000);
  run.end(5_000);
  {
    await using at = await shipping({ spoolDir, storeDir });
    await until(at, "all", () => at.events.alive.at(-1)?.storedSamples === 5_000 * 48);
  }
  const path = join(run.dir, "ship.log");
  const whole = readFileSync(path);
  for (const cut of [0, 10, Math.floor(whole.length / 3), Math.floor(whole.length / 2), whole.length - 2]) {
    writeFileSync(path, whole.subarray(0, cut));
    await using at = await shipping({ spoolDir, storeDir });
    await until(at, "all again", () => at.events.alive.at(-1)?.storedSamples === 5_000 * 48);
  }
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line)).flatMap((line) => (line.type === "chunk" ? [line.row.key] : []));
  expect(new Set(rows).size).toBe(6);
});
