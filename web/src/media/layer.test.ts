import { expect, it } from "vitest";
import { chooseLayer, firstChoice } from "./layer.ts";

it.each([
  [120, 0],
  [200, 0],
  [345, 1],
  [500, 2],
  [720, 2],
] as const)("a place of %i pixels is filled by layer %i of a 720p camera", (placePx, layer) => {
  expect(chooseLayer(firstChoice(2), { placePx, framePx: 0 }).layer).toBe(layer);
  expect(chooseLayer(firstChoice(0), { placePx, framePx: 180 }).layer).toBe(layer);
});

it("a camera that gives less than 720 lines is asked for more of what it has, and stays known", () => {
  const large = chooseLayer(firstChoice(2), { placePx: 345, framePx: 480 });
  expect(large).toEqual({ layer: 2, wholePx: 480 });
  const small = chooseLayer(large, { placePx: 130, framePx: 480 });
  expect(small.layer).toBe(0);
  expect(chooseLayer(small, { placePx: 345, framePx: 120 }).layer).toBe(2);
});

it("what a short network sends smaller is not asked for smaller still", () => {
  const short = chooseLayer(firstChoice(2), { placePx: 500, framePx: 180 });
  expect(short.layer).toBe(2);
  expect(chooseLayer(short, { placePx: 345, framePx: 180 }).layer).toBe(2);
  expect(chooseLayer(short, { placePx: 345, framePx: 720 }).layer).toBe(1);
});
