import { expect, it } from "vitest";
import { createGiveWay, PICTURE_FREE_BYTES, type Strain } from "./give-way.ts";

const calm: Strain = { freeBytes: 10 * PICTURE_FREE_BYTES, lateMs: 3, heldBytes: 0 };
const S = 1_000_000;

/** Looks once a second; `strain` by the second. Answers what each look led to. */
function looks(seconds: number, strain: (second: number) => Partial<Strain>) {
  const giveWay = createGiveWay();
  return Array.from({ length: seconds }, (_, n) => {
    giveWay.look({ ...calm, ...strain(n) }, n * S);
    return giveWay.because;
  });
}

it("records pictures on a machine that keeps up, before its disk was looked at, too", () => {
  expect(new Set(looks(100, (n) => ({ lateMs: n % 50 === 0 ? 900 : 0 })))).toEqual(new Set([undefined]));
  expect(looks(1, () => ({ freeBytes: undefined }))).toEqual([undefined]);
});

it.each<[string, "disk" | "load", Partial<Strain>]>([
  ["a disk that fills", "disk", { freeBytes: PICTURE_FREE_BYTES - 1 }],
  ["a disk that is slow", "load", { heldBytes: 5 << 20 }],
])("leaves them out for %s, from the first look until a minute after the last", (_name, why, strain) => {
  const seen = looks(90, (n) => (n >= 5 && n < 10 ? strain : {}));
  expect(seen.indexOf(why)).toBe(5);
  expect(seen.lastIndexOf(why)).toBe(68);
});

it("leaves them out when we come late twice in ten seconds, not once", () => {
  expect(looks(20, (n) => ({ lateMs: n === 3 || n === 15 ? 500 : 0 })).some(Boolean)).toBe(false);
  expect(looks(20, (n) => ({ lateMs: n === 3 || n === 9 ? 500 : 0 })).indexOf("load")).toBe(9);
});

it("leaves them out at once when a write is refused", () => {
  const giveWay = createGiveWay();
  giveWay.full(0);
  expect(giveWay.because).toBe("disk");
  giveWay.look(calm, 59 * S);
  expect(giveWay.because).toBe("disk");
  giveWay.look(calm, 60 * S);
  expect(giveWay.because).toBeUndefined();
  expect(giveWay.times).toBe(1);
});
