import fc from "fast-check";
import { expect, it } from "vitest";
import { minimaAhead } from "./window-minimum.ts";

it("invariant: the minima are those of looking through every window", () => {
  const observations = fc.array(fc.record({ step: fc.nat(40), delay: fc.integer({ min: -50, max: 50 }) }));
  fc.assert(
    fc.property(observations, fc.nat(200), (steps, span) => {
      let arrival = 0;
      const delays = steps.map(({ step, delay }) => ({ arrival: (arrival += step), delay }));
      const plain = delays.map((at, index) =>
        Math.min(
          ...delays
            .slice(index)
            .filter((next) => next.arrival <= at.arrival + span)
            .map(({ delay }) => delay),
        ),
      );
      expect([...minimaAhead(delays, span)]).toEqual(plain);
    }),
  );
});
