import { expect, it } from "vitest";
import { minutesLeft } from "./minutes-left.ts";

const min = 60_000;
const part = (beganMin: number) => ({ bootId: "boot", startUtcMs: 1_000_000 + beganMin * min, startUs: 0 });

it.each([
  ["of a talk's first part", 0, 20, 40],
  ["when the plan is over", 0, 75, 0],
  ["of a second part, behind the first and the break", 50, 5, 5],
  ["of a second part that began after the planned end", 90, 1, 0],
])("counts the minutes that are left %s", (_, beganMin, atMin, left) => {
  expect(minutesLeft(60, 1_000_000, part(beganMin), atMin * min)).toBe(left);
});

it("says nothing where nobody knows when the talk began", () => {
  expect(minutesLeft(60, null, null, 0)).toBeUndefined();
  expect(minutesLeft(60, 1_000_000, null, 0)).toBeUndefined();
});
