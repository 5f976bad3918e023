import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "@verbatim/hands/log";
import { signManifest } from "@verbatim/hands/manifest-signature";
import type { ChunkRow, Manifest, ManifestTrack } from "@verbatim/shared/recording/manifest";
import { assemble } from "./assemble.ts";
import { createPreparations } from "./preparations.ts";
import {
  clicks,
  heard,
  manifestOf,
  newIds,
  newRun,
  newTrack,
  onsets,
  probedSeconds,
  seconds,
  storeChunk,
} from "./test/interview.ts";
import { createMemoryStore } from "./test/memory-store.ts";

const signal = new AbortController().signal;
const LENGTH_S = 36.31;
const END = seconds(LENGTH_S);
const cuts = [0, 2, 5, 10, 30, LENGTH_S].map(seconds);
const mine = [0.5, 5.0, 9.97, 20.123, 30.0, 36.2];
const theirs = [1.5, 3, 12, 33];

let workFolder: string;
beforeAll(async () => {
  workFolder = await mkdtemp(path.join(tmpdir(), "verbatim-assemble-test-"));
});
afterAll(() => rm(workFolder, { recursive: true, force: true }));

async function interview(of: { mix?: boolean } = {}) {
  const store = createMemoryStore();
  const ids = newIds();
  const runId = newRun();
  const a = newTrack("interviewer");
  const b = newTrack("candidate");
  const sounds = new Map([
    [a.trackId, clicks(LENGTH_S, mine)],
    [b.trackId, clicks(LENGTH_S, theirs, 1500)],
  ]);
  const store1 = (track: ManifestTrack["trackId"] | "mix", sound: Int16Array): Promise<ChunkRow>[] =>
    cuts
      .slice(1)
      .map((endSamples, seq) =>
        storeChunk(store, { ids, runId, track, seq, startSamples: cuts[seq]!, endSamples, sound }),
      );
  const both = new Int16Array(sounds.get(a.trackId)!.length);
  for (const sound of sounds.values()) both.forEach((value, i) => (both[i] = value + sound[i]!));
  const chunks = await Promise.all([
    ...[...sounds].flatMap(([track, sound]) => store1(track, sound)),
    ...(of.mix ? store1("mix", both) : []),
  ]);
  const manifest = manifestOf({ ids, tracks: [a, b], chunks, endSamples: END });
  const rowAt = (track: ManifestTrack, s: number): ChunkRow =>
    chunks.find((row) => row.track === track.trackId && row.startSamples <= seconds(s) && row.endSamples > seconds(s))!;
  return { store, manifest, a, b, rowAt };
}

const near = (found: number[], wanted: number[], withinS = 0.01): void => {
  expect(found).toHaveLength(wanted.length);
  for (const [i, s] of wanted.entries()) expect(Math.abs(found[i]! - s)).toBeLessThan(withinS);
};

it("makes a master of the recording's length in which every sound is at its place", async () => {
  const { store, manifest, a } = await interview();
  const made = await assemble(manifest, { store, workFolder }, signal);
  expect(made).toMatchObject({ state: "complete", durationSamples: END, gaps: [], absences: [], problems: [] });
  expect(made.coverage.map(({ ratio }) => ratio)).toEqual([1, 1]);
  const master = store.objects.get(made.master.key)!;
  expect(Math.abs((await probedSeconds(master)) - LENGTH_S)).toBeLessThanOrEqual(0.036);
  const sound = await heard(master);
  expect(Math.abs(sound.length / 16_000 - LENGTH_S)).toBeLessThanOrEqual(0.036);
  near(
    onsets(sound),
    [...mine, ...theirs].toSorted((x, y) => x - y),
  );
  const own = made.tracks.find(({ seatId }) => seatId === a.seatId)!;
  near(onsets(await heard(store.objects.get(own.file.key)!)), mine);
  expect(await readdir(workFolder)).toEqual([]);
});

it("makes the same bytes again, and writes nothing twice", async () => {
  const { store, manifest } = await interview();
  const first = await assemble(manifest, { store, workFolder }, signal);
  const writes = store.writes;
  const shuffled = { ...manifest, chunks: manifest.chunks.toReversed(), tracks: manifest.tracks.toReversed() };
  expect(await assemble(shuffled, { store, workFolder }, signal)).toEqual(first);
  expect(store.writes).toBe(writes);
});

it("goes on without missing, changed, unreadable and empty chunks, and names each", async () => {
  const { store, manifest, a, b, rowAt } = await interview();
  const missing = rowAt(a, 3);
  const changed = rowAt(a, 20);
  const text = rowAt(b, 12);
  store.objects.delete(missing.key);
  const flipped = store.objects.get(changed.key)!.slice();
  flipped[200]! ^= 1;
  store.objects.set(changed.key, flipped);
  const words = new TextEncoder().encode("not sound at all");
  store.objects.set(text.key, words);
  const empty = rowAt(b, 33);
  store.objects.set(empty.key, new Uint8Array());
  const made = await assemble(manifest, { store, workFolder }, signal);
  expect(made.state).toBe("complete_with_gaps");
  expect(made.problems.toSorted((x, y) => (x.key < y.key ? -1 : 1))).toEqual(
    [
      { key: missing.key, problem: "missing" },
      { key: changed.key, problem: "corrupt" },
      { key: text.key, problem: "corrupt" },
      { key: empty.key, problem: "corrupt" },
    ].toSorted((x, y) => (x.key < y.key ? -1 : 1)),
  );
  expect(made.gaps.filter(({ seatId }) => seatId === a.seatId)).toEqual([
    { seatId: a.seatId, startSamples: seconds(2), endSamples: seconds(5), cause: "store" },
    { seatId: a.seatId, startSamples: seconds(10), endSamples: seconds(30), cause: "store" },
  ]);
  // What is gone is silence of its own length: nothing after it moves.
  const sound = await heard(store.objects.get(made.master.key)!);
  near(onsets(sound), [0.5, 1.5, 3, 5.0, 9.97, 30.0, 36.2]);
});

it("takes from the mix what a lost chunk of one speaker held", async () => {
  const { store, manifest, a, rowAt } = await interview({ mix: true });
  store.objects.delete(rowAt(a, 20).key);
  const made = await assemble(manifest, { store, workFolder }, signal);
  expect(made.problems).toEqual([{ key: rowAt(a, 20).key, problem: "missing" }]);
  near(
    onsets(await heard(store.objects.get(made.master.key)!)),
    [...mine, ...theirs].toSorted((x, y) => x - y),
  );
  const own = made.tracks.find(({ seatId }) => seatId === a.seatId)!;
  near(
    onsets(await heard(store.objects.get(own.file.key)!)),
    mine.filter((s) => s < 10 || s >= 30),
  );
});

it("counts of a chunk that is shorter than it says only what is there", async () => {
  const { store, manifest, a, rowAt } = await interview();
  const row = rowAt(a, 36);
  const short = manifest.chunks.map((chunk) =>
    chunk.key === row.key ? { ...row, endSamples: END + seconds(4) } : chunk,
  );
  const longer = {
    ...manifest,
    chunks: short,
    endSamples: END + seconds(4),
    kept: [{ from: 0, to: END + seconds(4) }],
  };
  const made = await assemble(
    { ...longer, presence: manifest.presence.map((p) => ({ ...p, toSamples: END + seconds(4) })) },
    { store, workFolder },
    signal,
  );
  expect(made.problems).toEqual([{ key: row.key, problem: "length" }]);
  const [gap] = made.gaps.filter(({ seatId }) => seatId === a.seatId);
  expect(Math.abs(gap!.startSamples - END)).toBeLessThan(960);
});

it("makes a file of a recording in which nobody ever spoke", async () => {
  const store = createMemoryStore();
  const manifest = manifestOf({ ids: newIds(), tracks: [newTrack("candidate")], chunks: [], endSamples: seconds(4) });
  const made = await assemble(manifest, { store, workFolder }, signal);
  expect(made.state).toBe("complete_with_gaps");
  expect(Math.abs((await probedSeconds(store.objects.get(made.master.key)!)) - 4)).toBeLessThanOrEqual(0.036);
});

describe("a master that is begun while the recording runs", () => {
  const secret = "s".repeat(32);
  const log = createLog("prepare-test", "silent");
  /** What is known of the interview while it runs, up to a position. */
  const draft = (manifest: Manifest, untilS: number): Manifest => ({
    ...manifest,
    endSamples: seconds(untilS),
    kept: [{ from: 0, to: seconds(untilS) }],
    chunks: manifest.chunks.filter(({ startSamples }) => startSamples < seconds(untilS)),
  });
  const job = (manifest: Manifest, untilS: number) => ({
    untilSamples: seconds(untilS),
    signed: signManifest(secret, draft(manifest, untilS)),
  });
  /** Prepares with each manifest in turn, then assembles; answers the master's hash and the keys that were read last. */
  async function prepared(of: { made: Awaited<ReturnType<typeof interview>>; drafts: readonly unknown[] }) {
    const { store, manifest } = of.made;
    const reads: string[] = [];
    const watched = { ...store, get: (key: string) => (reads.push(key), store.get(key)) };
    await using preparations = createPreparations({ store: watched, secret, workFolder, log, now: () => 0 });
    for (const payload of of.drafts) await preparations.extend(payload, signal);
    reads.length = 0;
    const begun = await preparations.take(manifest.recordingId, manifest.revision);
    const assembly = await assemble(manifest, { store: watched, workFolder, begun }, signal);
    return { assembly, reads: [...reads], begun: begun !== undefined };
  }

  it("has the bytes of one that is made at once, and only what came last is fetched after Stop", async () => {
    const made = await interview();
    const { manifest, a, b, rowAt } = made;
    const drafts = [job(manifest, 10), job(manifest, 30)];
    const after = await prepared({ made, drafts });
    expect(after.reads.toSorted()).toEqual([rowAt(a, 36).key, rowAt(b, 36).key].toSorted());
    expect(await assemble(manifest, { store: made.store, workFolder }, signal)).toEqual(after.assembly);
    expect(await readdir(workFolder)).toEqual([]);
  });

  it("is begun anew when what it was made of turns out to be something else", async () => {
    const made = await interview();
    const { manifest, a, rowAt } = made;
    const without = { ...manifest, chunks: manifest.chunks.filter(({ key }) => key !== rowAt(a, 3).key) };
    const after = await prepared({ made, drafts: [job(without, 30)] });
    expect(after.reads).toContain(rowAt(a, 3).key);
    expect(await assemble(manifest, { store: made.store, workFolder }, signal)).toEqual(after.assembly);
  });

  it("takes a pause that was learnt later, and a chunk that came after it was missed", async () => {
    const made = await interview();
    const { manifest, a, rowAt, store } = made;
    const late = rowAt(a, 6);
    const content = store.objects.get(late.key)!;
    store.objects.delete(late.key);
    const paused = {
      ...manifest,
      kept: [
        { from: 0, to: seconds(12) },
        { from: seconds(15), to: END },
      ],
    };
    await using preparations = createPreparations({ store, secret, workFolder, log, now: () => 0 });
    await preparations.extend(job(manifest, 30), signal);
    store.objects.set(late.key, content);
    const begun = await preparations.take(manifest.recordingId, 1);
    const assembly = await assemble(paused, { store, workFolder, begun }, signal);
    expect(assembly.problems).toEqual([]);
    expect(await assemble(paused, { store, workFolder }, signal)).toEqual(assembly);
  });

  it("is not begun by what waited in the queue when Stop came, nor by what is not ours", async () => {
    const made = await interview();
    const { manifest, store } = made;
    await using preparations = createPreparations({ store, secret, workFolder, log, now: () => 0 });
    await preparations.take(manifest.recordingId, 1);
    await preparations.extend(job(manifest, 30), signal);
    expect(await preparations.take(manifest.recordingId, 1)).toBeUndefined();
    const other = { ...manifest, ...newIds() };
    const forged = { untilSamples: seconds(30), signed: signManifest("t".repeat(32), other) };
    await preparations.extend(forged, signal);
    await preparations.extend({ nonsense: true }, signal);
    expect(await preparations.take(other.recordingId, 1)).toBeUndefined();
    expect(await readdir(workFolder)).toEqual([]);
  });
});
