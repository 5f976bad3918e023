import { describe, expect, it } from "vitest";
import { lagMs, saidUntilMs } from "./place-voices.ts";
import { placements, PLACING_RATE, utterances } from "./placement.ts";

const PER_MS = PLACING_RATE / 1000;

/** Noise of its own for every seed: like nothing but itself. */
function noise(seed: number, ms: number): Int16Array {
  let state = seed;
  return Int16Array.from({ length: ms * PER_MS }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return ((state >> 8) % 8_000) - 4_000;
  });
}

function track(ms: number, ...sounds: readonly [number, Int16Array][]): Int16Array {
  const all = new Int16Array(ms * PER_MS);
  for (const [at, sound] of sounds) all.set(sound, at * PER_MS);
  return all;
}

const voice = track(6_000, [1_000, noise(1, 800)], [3_000, noise(2, 800)]);

it("finds each utterance where it stands in the track, to the sample", () => {
  const heard = track(8_000, [2_530, noise(1, 800)], [4_390.5, noise(2, 800)]);
  expect(placements(voice, heard, 1_500)).toEqual([
    { saidMs: 1_000, saidToMs: 1_800, heardMs: 2_530 },
    { saidMs: 3_000, saidToMs: 3_800, heardMs: 4_390.5 },
  ]);
});

it("an utterance that is missing, or cut to another's sound, is not found", () => {
  const heard = track(8_000, [2_500, noise(3, 800)]);
  expect(placements(voice, heard, 1_500).map(({ heardMs }) => heardMs)).toEqual([null, null]);
});

it("utterances are what stands between pauses", () => {
  expect(utterances(voice)).toEqual([
    { startMs: 1_000, endMs: 1_800 },
    { startMs: 3_000, endMs: 3_800 },
  ]);
});

describe("of what was placed", () => {
  const placed = [
    { speaker: "candidate" as const, saidMs: 1_000, saidToMs: 1_800, heardMs: 1_030 },
    { speaker: "candidate" as const, saidMs: 3_000, saidToMs: 3_800, heardMs: null },
    { speaker: "candidate" as const, saidMs: 5_000, saidToMs: 5_800, heardMs: 5_050 },
  ];

  it("a speaker's lag is that of the utterance before, or of the first", () => {
    expect([500, 2_000, 6_000].map((at) => lagMs(placed, "candidate", at))).toEqual([30, 30, 50]);
    expect(lagMs(placed, "interviewer", 2_000)).toBeUndefined();
  });

  it("an answer was said when the utterance ended that its last word lies in", () => {
    expect([500, 1_700, 3_700, 5_900].map((at) => saidUntilMs(placed, "candidate", at))).toEqual([
      undefined,
      1_800,
      3_800,
      5_800,
    ]);
    expect(saidUntilMs(placed, "interviewer", 5_900)).toBeUndefined();
  });
});
