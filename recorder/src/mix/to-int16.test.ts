import { expect, it } from "vitest";
import { toInt16 } from "./to-int16.ts";

it("rounds as Math.round does, halves up, and saturates", () => {
  const steps = Int32Array.from({ length: 4 * 33_000 * 2 }, (_, n) => n - 4 * 33_000);
  // Every quarter of a step, and the floats next to it.
  const around = [0, Number.EPSILON, -Number.EPSILON];
  for (const step of steps) {
    for (const off of around) {
      const scaled = (step / 4) * (1 + off);
      const due = Math.max(-32_768, Math.min(32_767, Math.round(scaled)));
      if (toInt16(scaled / 32_768) !== due + 0)
        expect({ scaled, is: toInt16(scaled / 32_768) }).toEqual({ scaled, is: due });
    }
  }
  expect([2, -2, 0, 0.5 / 32_768, -0.5 / 32_768].map(toInt16)).toEqual([32_767, -32_768, 0, 1, 0]);
});
