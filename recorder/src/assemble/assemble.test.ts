import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ChunkRow, ManifestTrack } from "@verbatim/shared/recording/manifest";
import { assemble } from "./assemble.ts";
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
