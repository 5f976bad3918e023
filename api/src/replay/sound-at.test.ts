import { describe, expect, it } from "vitest";
import { SAMPLE_RATE } from "@verbatim/shared/clock";
import type { PlacedTransition } from "@verbatim/shared/recording/control";
import { soundAt } from "./sound-at.ts";

const s = (seconds: number): number => seconds * SAMPLE_RATE;
const inSeconds = (samples: number | undefined): number | null =>
  samples === undefined ? null : samples / SAMPLE_RATE;

/** The mix's files of a run, by the ends of their slots. */
const files = (name: string, ...cuts: number[]) =>
  cuts.slice(1).map((end, n) => ({ name: `${name}${n}`, startSamples: s(cuts[n] ?? 0), endSamples: s(end) }));

type Told = { start?: number; durable?: number; stored: number; end?: number; alive?: boolean };
const run = ({ start = 0, durable, stored, end, alive = end === undefined }: Told) => ({
  startSamples: s(start),
  durableSamples: s(durable ?? end ?? stored),
  storedSamples: s(stored),
  endSamples: end === undefined ? null : s(end),
  alive,
  backlog: 0,
});

const did = (...what: readonly [PlacedTransition["to"], number][]): PlacedTransition[] =>
  what.map(([to, at]) => ({ to, at: s(at) }));
const recording = did(["recording", 0]);
const held = files("a", 0, 2, 5, 10, 30, 60);

const ask = (at: number, of: Partial<Parameters<typeof soundAt>[0]> & { now?: number }) => {
  const found = soundAt({
    atSamples: s(at),
    nowSamples: s(of.now ?? 75),
    placed: of.placed ?? recording,
    runs: of.runs ?? [run({ stored: 60 })],
    chunks: ((of.chunks as typeof held) ?? held).filter(({ endSamples }) => endSamples > s(at)),
  });
  if (found.state === "stored") {
    const said = (piece: typeof found.piece | undefined) =>
      piece ? `${piece.chunk.name} to ${inSeconds(piece.untilSamples)}` : null;
    return [said(found.piece), said(found.next)];
  }
  return found.state === "later" ? ["later", inSeconds(found.inSamples)] : [found.why, inSeconds(found.goesOnSamples)];
};

describe("which file of the mix holds a position", () => {
  it.each([
    ["the first one its start", 0, ["a0 to 2", "a1 to 5"]],
    ["one does not hold its end", 2, ["a1 to 5", "a2 to 10"]],
    ["in the middle", 41.5, ["a4 to 60", null]],
    ["of the newest nothing follows yet", 59.999, ["a4 to 60", null]],
  ])("%s", (_, at, expected) => {
    expect(ask(at, {})).toEqual(expected);
  });

  it("of two recorders' files the one that goes on longest is played", () => {
    const chunks = [...files("a", 0, 10, 30), ...files("b", 0, 10, 20)];
    expect(ask(12, { chunks })).toEqual(["a1 to 30", null]);
    expect(ask(3, { chunks: chunks.toReversed() })).toEqual(["b0 to 10", "a1 to 30"]);
  });
});

describe("what is not stored yet", () => {
  it.each([
    ["is told by the next cut, with what it takes to come into the store", 61, 75, 19],
    ["is waited for a moment when it should be there", 61, 94, 1],
    ["nobody can tell when it is long overdue, as of a store that is away", 61, 110, null],
    ["the position that is being said now", 75, 75, 19],
    ["a page's clock may be ahead by seconds", 78, 75, 19],
  ])("%s", (_, at, now, expected) => {
    expect(ask(at, { now })).toEqual(["later", expected]);
  });

  it("a time that has not come is no sound that is on its way", () => {
    expect(ask(600, {})).toEqual(["end", null]);
  });

  it("short first files come soon", () => {
    expect(ask(1, { chunks: [], runs: [run({ stored: 0 })], now: 1.5 })).toEqual(["later", 4.5]);
  });

  it("after Stop the last file is cut there", () => {
    const placed = did(["recording", 0], ["stopped", 70]);
    expect(ask(65, { placed, now: 71 })).toEqual(["later", 3]);
    expect(ask(70, { placed, now: 71 })).toEqual(["end", null]);
  });

  it("of a recorder that is not heard of nobody knows when its files come", () => {
    expect(ask(61, { runs: [run({ stored: 60, durable: 74, alive: false })] })).toEqual(["later", null]);
    expect(ask(61, { runs: [] })).toEqual(["later", null]);
    expect(ask(61, { runs: [run({ stored: 60, alive: false })] })).toEqual(["later", null]);
  });
});

describe("a gap is said, and where sound goes on", () => {
  const paused = did(["recording", 0], ["paused", 20], ["recording", 50]);
  const secondRun = files("b", 45, 60);
  it.each([
    ["before a pause a file is played up to it", 15, { placed: paused }, ["a3 to 20", null]],
    ["in a pause", 20, { placed: paused }, ["paused", 50]],
    ["in a pause behind which nothing is stored", 20, { placed: paused, chunks: held.slice(0, 4) }, ["paused", null]],
    ["behind a pause", 50, { placed: paused }, ["a4 to 60", null]],
    ["in a pause that goes on", 70, { placed: did(["recording", 0], ["paused", 65]) }, ["paused", null]],
    [
      "between a killed recorder's last durable sound and the next one's first",
      42,
      {
        chunks: [...files("a", 0, 10, 30, 41), ...secondRun],
        runs: [run({ stored: 41, end: 41 }), run({ start: 45, stored: 60 })],
      },
      ["recorder", 45],
    ],
    [
      "what a killed recorder has and nobody has sent yet is no gap",
      35,
      {
        chunks: [...files("a", 0, 10, 30), ...secondRun],
        runs: [run({ stored: 30, durable: 41, alive: false }), run({ start: 45, stored: 60 })],
      },
      ["later", null],
    ],
    [
      "what it never had is one",
      43,
      {
        chunks: [...files("a", 0, 10, 30), ...secondRun],
        runs: [run({ stored: 30, durable: 41, alive: false }), run({ start: 45, stored: 60 })],
      },
      ["recorder", 45],
    ],
    ["nobody was in the call", 6, { chunks: [...files("a", 0, 2, 5), ...files("c", 10, 30)] }, ["nobody", 10]],
    ["behind the end of a recording", 61, { placed: did(["recording", 0], ["stopped", 60]) }, ["end", null]],
    [
      "what a stopped recording lacks at its end is on no recorder",
      55,
      {
        placed: did(["recording", 0], ["stopped", 60]),
        chunks: files("a", 0, 10, 30, 50),
        runs: [run({ stored: 50, end: 50 })],
      },
      ["recorder", null],
    ],
  ])("%s", (_, at, of, expected) => {
    expect(ask(at, of)).toEqual(expected);
  });

  it("an undone Stop leaves none", () => {
    const placed = did(["recording", 0], ["stopped", 40], ["recording", 55]);
    const chunks = [...files("a", 0, 10, 30, 40), ...files("a", 40, 60)];
    expect(ask(39, { placed, chunks })).toEqual(["a2 to 40", "a0 to 60"]);
  });
});
