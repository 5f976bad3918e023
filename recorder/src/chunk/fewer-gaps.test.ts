import fc from "fast-check";
import { expect, it } from "vitest";
import { GapCause } from "@verbatim/shared/recording/manifest";
import { fewerGaps } from "./fewer-gaps.ts";

const anyGaps = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.nat(100_000), fc.constantFrom(...GapCause.options)), {
    maxLength: 300,
  })
  .map((steps) => {
    let at = 0;
    return steps.map(([length, apart, cause]) => {
      const startSamples = at + apart;
      at = startSamples + length;
      return { startSamples, endSamples: at, cause };
    });
  });

it("invariant: few gaps cover all that many did, in order, and pauses stay as they are", () => {
  fc.assert(
    fc.property(anyGaps, fc.integer({ min: 1, max: 50 }), (gaps, most) => {
      const fewer = fewerGaps(gaps, most);
      const pauses = gaps.filter(({ cause }) => cause === "paused").length;
      expect(fewer.length).toBeLessThanOrEqual(Math.max(most, 2 * pauses + 1));
      for (const gap of gaps) {
        const held = fewer.find(({ endSamples }) => endSamples >= gap.endSamples);
        expect(held?.startSamples).toBeLessThanOrEqual(gap.startSamples);
        if (gap.cause === "paused") expect(held?.cause).toBe("paused");
      }
      for (const [n, { startSamples, cause }] of fewer.entries()) {
        if (n > 0) expect(startSamples).toBeGreaterThanOrEqual(fewer[n - 1]!.endSamples);
        if (cause === "paused") expect(gaps.some((gap) => gap.startSamples === startSamples)).toBe(true);
      }
    }),
  );
});

it("says of few gaps exactly what is missing", () => {
  const gaps = [
    { startSamples: 0, endSamples: 960, cause: "loss" as const },
    { startSamples: 1_000, endSamples: 2_000, cause: "disconnect" as const },
  ];
  expect(fewerGaps(gaps, 2)).toEqual(gaps);
  expect(fewerGaps(gaps, 1)).toEqual([{ startSamples: 0, endSamples: 2_000, cause: "disconnect" }]);
});
