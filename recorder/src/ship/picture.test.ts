import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEventClient } from "@verbatim/hands/event-client";
import { createLog } from "@verbatim/hands/log";
import { createDiskStore } from "@verbatim/hands/store/disk";
import type { Store } from "@verbatim/hands/store/store";
import { samplesToMs } from "@verbatim/shared/clock";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import { eventually } from "../../test/eventually.ts";
import { type EventsServer, SERVICE_SECRET, startEventsServer } from "../../test/events-server.ts";
import { beeps, opusPackets } from "../../test/opus-source.ts";
import { decodePicture, FRAMES_PER_SECOND, pictureFrames, sendPicture } from "../../test/picture-source.ts";
import { runHeader, seatOf } from "../../test/spool-samples.ts";
import { type Camera, markUs, syntheticRun, type Voice } from "../../test/synthetic-run.ts";
import { temporary } from "../../test/temporary.ts";
import { openLibopus } from "../opus/libopus.ts";
import { muxPicture } from "../picture/mux.ts";
import { framesOf } from "../picture/frames.ts";
import { vp8 } from "../picture/vp8.ts";
import { h264 } from "../picture/h264.ts";
import { asPackets } from "../../test/picture-source.ts";
import { createShip } from "./ship.ts";

const log = createLog("test", "silent");
const opus = await openLibopus();
const SECONDS = 12;
const FRAMES = SECONDS * FRAMES_PER_SECOND;
/** A key frame every 0.6 s: as if each were asked for before a cut. */
const frames = {
  vp8: pictureFrames({ codec: "vp8", frames: FRAMES, keyEvery: 15 }),
  h264: pictureFrames({ codec: "h264", frames: FRAMES, keyEvery: 15 }),
};
const sent = { vp8: sendPicture("vp8", frames.vp8, 300), h264: sendPicture("h264", frames.h264, 300) };
const voice: Voice = { seat: seatOf(7), packets: opusPackets(beeps(), SECONDS) };
const camera = (codec: "vp8" | "h264", changes: Partial<Camera> = {}): Camera => ({
  seat: seatOf(7),
  codec,
  sent: sent[codec],
  ...changes,
});

let owned: AsyncDisposableStack;
let dir: string;
let events: EventsServer;
let store: Store;
beforeEach(async () => {
  owned = new AsyncDisposableStack();
  dir = owned.use(temporary()).path;
  events = owned.use(await startEventsServer());
  store = await createDiskStore({ root: join(dir, "store") });
});
afterEach(() => owned.disposeAsync());

const spoolDir = (): string => join(dir, "spool");
function run(cameras: readonly Camera[]) {
  const made = syntheticRun({ spoolDir: spoolDir(), voices: [voice], cameras });
  made.control({ to: "recording", atMs: 0 });
  return made;
}

/** Ships what lies in the spool until `done`. */
async function shipUntil(what: string, done: () => boolean, to: Store = store): Promise<void> {
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
    spoolDir: spoolDir(),
    store: to,
    events: client,
    opus,
    log,
    random: () => 0.002,
    utcMs: () => runHeader.clock.startUtcMs + 120_000,
    tickMs: 10,
  });
  const stopping = new AbortController();
  const running = ship.run(stopping.signal, 50);
  await eventually(what, done, 60_000).finally(() => stopping.abort());
  await running;
  end.abort();
}

/** Each once, as in the api's books: a ship that ended before it heard the answer tells a chunk again. */
const pictures = (): ChunkRow[] => {
  const rows = events.chunks.filter(({ mediaType }) => mediaType === "video");
  return [...new Map(rows.map((row) => [row.key, row])).values()].toSorted((a, b) => a.seq - b.seq);
};
const heldMs = (): number => samplesToMs(pictures().at(-1)?.endSamples ?? 0);
/** How the run stands goes its own way to the api, and says what is held, and missing in it, a moment later. */
const told = () => events.alive.at(-1)?.tracks.find(({ kind }) => kind === "camera");
const toldMs = (): number => samplesToMs(told()?.lastPacketSamples ?? 0);
const rangesMs = (rows: readonly ChunkRow[]) =>
  rows.map(({ startSamples, endSamples }) => [samplesToMs(startSamples), samplesToMs(endSamples)]);

/** What anybody sees who plays the chunks one after the other: hashes of pictures by time. */
async function shown(rows: readonly ChunkRow[]): Promise<{ ms: number; hash: string }[]> {
  const all = [];
  for (const row of rows) {
    const file = decodePicture(await store.get(row.key));
    all.push(...file.map(({ ms, hash }) => ({ ms: ms + samplesToMs(row.startSamples), hash })));
  }
  return all;
}

/** The same of the stream as it was sent. */
async function original(codec: "vp8" | "h264"): Promise<string[]> {
  const whole = framesOf(asPackets(sent[codec]), codec === "vp8" ? vp8 : h264);
  const all = whole.map(({ data, format }, n) => ({ data, key: format !== undefined, startSamples: n * 1_920 }));
  return decodePicture(await muxPicture(whole[0]!.format!, all, FRAMES * 1_920)).map(({ hash }) => hash);
}

describe.each(["vp8", "h264"] as const)("a camera's chunks (%s)", (codec) => {
  it("play alone, join one another, and show every frame once, at the time it was taken", async () => {
    const made = run([camera(codec, { atMs: 100 })]);
    made.writeTo(SECONDS * 1000);
    made.end(SECONDS * 1000);
    await shipUntil("all is stored", () => heldMs() > 11_900);
    const rows = pictures();
    expect(rows.map(({ key }) => key.slice(-4))).toEqual(rows.map(() => (codec === "vp8" ? "webm" : ".mp4")));
    expect(rows.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    // Cuts at 2, 5 and 10 s: each chunk ends with the last key frame before.
    expect(rangesMs(rows).map(([from]) => from)).toEqual([100, 1_900, 4_900, 9_700]);
    for (const [n, row] of rows.slice(1).entries()) expect(row.startSamples).toBe(rows[n]?.endSamples);
    expect(rows.flatMap(({ gaps }) => gaps)).toEqual([]);
    const seen = await shown(rows);
    const due = (await original(codec)).slice(0, seen.length);
    expect(seen.length).toBeGreaterThan(FRAMES - 5);
    expect(seen.map(({ hash }) => hash)).toEqual(due);
    for (const [n, { ms }] of seen.entries()) expect(Math.abs(ms - (100 + n * 40))).toBeLessThan(3);
  });

  it("leave out what leans on a lost packet, and say so", async () => {
    // Packets of the fifth second are lost, and many others come late.
    const lost = (n: number): boolean => Math.floor(sent[codec][n]!.ticks / 90_000) === 4 && n % 7 === 0;
    const made = run([camera(codec, { delayMs: (n) => (lost(n) ? Infinity : (n % 5) * 30) })]);
    made.writeTo(SECONDS * 1000);
    made.end(SECONDS * 1000);
    await shipUntil("all is stored and told", () => Math.min(heldMs(), toldMs()) > 11_000);
    const due = await original(codec);
    for (const { ms, hash } of await shown(pictures())) expect(due.indexOf(hash)).toBe(Math.round(ms / 40));
    const gaps = pictures().flatMap((row) => row.gaps);
    expect(new Set(gaps.map(({ cause }) => cause))).toEqual(new Set(["loss"]));
    for (const gap of gaps) {
      expect(samplesToMs(gap.startSamples)).toBeGreaterThan(3_900);
      expect(samplesToMs(gap.endSamples)).toBeLessThan(5_500);
    }
    expect(told()?.pictureGaps).toEqual(gaps);
  });
});

it("a ship that was killed goes on in the middle, and the chunks are those of one that was not", async () => {
  const made = run([camera("vp8")]);
  made.writeTo(8_000);
  await shipUntil("some is stored", () => pictures().length >= 2);
  made.writeTo(SECONDS * 1000);
  made.end(SECONDS * 1000);
  await shipUntil("all is stored", () => heldMs() > 11_000);
  const interrupted = pictures().map(({ sha256 }) => sha256);

  const second = owned.use(temporary()).path;
  dir = second;
  events = owned.use(await startEventsServer());
  store = await createDiskStore({ root: join(dir, "store") });
  const whole = run([camera("vp8")]);
  whole.writeTo(SECONDS * 1000);
  whole.end(SECONDS * 1000);
  await shipUntil("all is stored", () => heldMs() > 11_000);
  expect(interrupted).toEqual(pictures().map(({ sha256 }) => sha256));
});

it("without key frames a chunk goes on, and nothing is lost", async () => {
  const rare = pictureFrames({ codec: "vp8", frames: FRAMES, keyEvery: 200 });
  const made = run([{ seat: seatOf(7), codec: "vp8", sent: sendPicture("vp8", rare) }]);
  made.writeTo(SECONDS * 1000);
  made.end(SECONDS * 1000);
  await shipUntil("all is stored", () => heldMs() > 11_000);
  expect(rangesMs(pictures()).map(([from]) => from)).toEqual([0, 8_000]);
  expect(await shown(pictures())).toHaveLength(FRAMES - 1);
});

it("a picture that was left out is a gap with its cause, and begins again with a key frame", async () => {
  const made = run([
    camera("vp8", {
      delayMs: (n) => (sent.vp8[n]!.ticks / 90 > 3_000 && sent.vp8[n]!.ticks / 90 < 7_300 ? Infinity : 0),
      marks: [
        { type: "absent", atUs: markUs(3_000), cause: "load" },
        { type: "present", atUs: markUs(7_300) },
      ],
    }),
  ]);
  made.writeTo(SECONDS * 1000);
  made.end(SECONDS * 1000);
  await shipUntil("all is stored and told", () => Math.min(heldMs(), toldMs()) > 11_000);
  const gaps = told()?.pictureGaps ?? [];
  const left = gaps
    .filter(({ cause }) => cause === "load")
    .map((gap) => samplesToMs(gap.endSamples - gap.startSamples));
  expect(left.reduce((sum, ms) => sum + ms, 0)).toBe(4_300);
  const due = await original("vp8");
  for (const { ms, hash } of await shown(pictures())) expect(due.indexOf(hash)).toBe(Math.round(ms / 40));
});

it("a store that takes no picture delays no sound, and the spool is kept", async () => {
  const made = run([camera("vp8")]);
  made.writeTo(SECONDS * 1000);
  made.end(SECONDS * 1000);
  const noPictures: Store = {
    ...store,
    put: (key, content, options) =>
      key.includes("/video/") ? Promise.reject(new Error("no")) : store.put(key, content, options),
  };
  const inStore = (): boolean => events.alive.at(-1)?.storedSamples === SECONDS * 48_000;
  await shipUntil("sound is stored", inStore, noPictures);
  expect(pictures()).toEqual([]);
  await shipUntil("then pictures are", () => heldMs() > 11_000);
});
