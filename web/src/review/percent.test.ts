import { expect, it } from "vitest";
import { percentOf } from "./percent.ts";

it("never shows more than is held", () => {
  expect([1, 0.999_99, 0.985, 0.5, 0].map(percentOf)).toEqual(["100 %", "99.99 %", "98.5 %", "50 %", "0 %"]);
});
