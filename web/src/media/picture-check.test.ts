import { expect, it } from "vitest";
import { createPictureCheck } from "./picture-check.ts";

const SIZE = 32 * 18 * 4;
/** A picture of one brightness, with a sensor's noise. */
const picture = (brightness: number, noise: number): Uint8ClampedArray =>
  Uint8ClampedArray.from({ length: SIZE }, (_, i) => brightness + (noise * ((i * 7919) % 13)) / 13);

it("a dark picture is told after two seconds and taken back when the light is on", () => {
  const check = createPictureCheck();
  const looks = Array.from({ length: 6 }, (_, n) => check(picture(8, n)));
  expect(looks).toEqual([undefined, undefined, undefined, "dark", "dark", "dark"]);
  expect(check(picture(90, 3))).toBeUndefined();
});

it("a picture that stands still for four seconds is frozen; noise in a still room is not", () => {
  const still = createPictureCheck();
  const frozen = Array.from({ length: 9 }, () => still(picture(90, 3)));
  expect(frozen.at(-2)).toBeUndefined();
  expect(frozen.at(-1)).toBe("frozen");
  const room = createPictureCheck();
  expect(Array.from({ length: 40 }, (_, n) => room(picture(90, 3 + (n % 2))))).not.toContain("frozen");
});
