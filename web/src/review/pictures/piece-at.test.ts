import type { PicturePiece } from "@verbatim/shared/api/pictures";
import { describe, expect, it } from "vitest";
import { initialsOf } from "../../parts/initials.ts";
import { inStep } from "./in-step.ts";
import { pieceAfter, pieceAt } from "./piece-at.ts";

const piece = (key: string, startMs: number, endMs: number, ...gaps: [number, number][]): PicturePiece => ({
  key,
  startMs,
  endMs,
  url: `/${key}`,
  bytes: 1,
  sha256: key,
  gaps: gaps.map(([from, to]) => ({ startMs: from, endMs: to })),
});
/** Two recorders overlap at 28 to 30 s; the camera is off from 60 to 90 s; from 95 to 97 s nothing could be shown. */
const pieces = [piece("a", 0, 30_000), piece("b", 28_000, 60_000), piece("c", 90_000, 120_000, [95_000, 97_000])];

describe("the piece that shows a position", () => {
  it.each([
    [0, undefined, "a"],
    [27_999, "a", "a"],
    [29_000, "a", "a"],
    [29_000, undefined, "b"],
    [29_000, "c", "b"],
    [30_000, "a", "b"],
    [59_999, "b", "b"],
    [60_000, "b", undefined],
    [75_000, undefined, undefined],
    [90_000, undefined, "c"],
    [95_000, "c", undefined],
    [96_999, "c", undefined],
    [97_000, "c", "c"],
    [120_000, "c", undefined],
  ])("at %i ms with %s shown is %s", (atMs, shown, expected) => {
    expect(
      pieceAt(
        pieces,
        atMs,
        pieces.find(({ key }) => key === shown),
      )?.key,
    ).toBe(expected);
  });

  it.each([
    [1_000, "a", "b"],
    [40_000, "b", "c"],
    [61_000, undefined, "c"],
    [91_000, "c", undefined],
    [130_000, undefined, undefined],
  ])("after %i ms with %s shown comes %s", (atMs, shown, expected) => {
    expect(
      pieceAfter(
        pieces,
        atMs,
        pieces.find(({ key }) => key === shown),
      )?.key,
    ).toBe(expected);
  });
});

describe("a picture against its sound", () => {
  it.each([
    [0, 1, { do: "play", rate: 1 }],
    [-30, 1.5, { do: "play", rate: 1.5 }],
    [-100, 1, { do: "play", rate: 1.2 }],
    [-1_900, 1, { do: "play", rate: 2 }],
    [-1_900, 2, { do: "play", rate: 4 }],
    [100, 1, { do: "play", rate: 0.8 }],
    [151, 1, { do: "hold" }],
    [1_999, 1, { do: "hold" }],
    [2_001, 1, { do: "seek" }],
    [-2_001, 1, { do: "seek" }],
  ])("ahead by %i ms at rate %d: %o", (aheadMs, rate, step) => {
    expect(inStep(aheadMs, rate)).toEqual(step);
  });

  it("comes into step from everywhere without leaving it again", () => {
    for (let aheadMs = -1_950; aheadMs <= 1_950; aheadMs += 65) {
      let ahead = aheadMs;
      for (let ms = 0; ms < 5_000; ms += 16) {
        const step = inStep(ahead, 1);
        expect(step.do).not.toBe("seek");
        ahead += 16 * ((step.do === "play" ? step.rate : 0) - 1);
      }
      expect(Math.abs(ahead), `from ${aheadMs} ms`).toBeLessThanOrEqual(40);
    }
  });
});

it.each([
  ["Ada Lovelace", "AL"],
  ["grace brewster hopper", "GH"],
  ["  Plato ", "P"],
  ["李雷", "李"],
  ["", "?"],
])("initials of “%s” are %s", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
