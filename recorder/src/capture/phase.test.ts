import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { SAMPLE_RATE } from "@verbatim/shared/clock";
import { keptSpans, place, type Transition } from "@verbatim/shared/recording/control";
import { phasesOf } from "./phase.ts";

const steps = (...list: readonly (readonly [Transition["to"], number | null])[]): Transition[] =>
  list.map(([to, atUs], n) => ({ revision: n + 1, to, atUs }));

describe("what becomes of a packet", () => {
  it.each([
    ["before Start it is held, since Start may claim it", steps(), 5, "hold"],
    ["before a Start that is known it is dropped", steps(["recording", 10]), 9, "drop"],
    ["from Start on it is written", steps(["recording", 10]), 10, "write"],
    ["a Start that the sfu has not stamped claims nothing", steps(["recording", null]), 10, "hold"],
    ["in a pause it is held, since a resume may claim it", steps(["recording", 10], ["paused", 20]), 25, "hold"],
    ["in a pause that is over it is dropped", steps(["recording", 10], ["paused", 20], ["recording", 30]), 25, "drop"],
    ["before the pause it is written", steps(["recording", 10], ["paused", 20]), 19, "write"],
    ["after Stop it is written, for an undo", steps(["recording", 10], ["stopped", 20]), 25, "write"],
    ["after a Stop in a pause it is held", steps(["recording", 10], ["paused", 20], ["stopped", 30]), 35, "hold"],
    ["after closing it is held: another Start may claim it", steps(["recording", 10], ["closed", 30]), 35, "hold"],
    ["after an undo it is written", steps(["recording", 10], ["stopped", 20], ["recording", 30]), 35, "write"],
  ] as const)("%s", (_, transitions, arrivalUs, expected) => {
    expect(phasesOf(transitions).keep(arrivalUs)).toBe(expected);
  });

  it("knows when the recording was closed, by the first word of it", () => {
    expect(phasesOf(steps(["recording", 10])).closedUs).toBeUndefined();
    expect(phasesOf(steps(["recording", 10], ["stopped", 20], ["closed", 30])).closedUs).toBe(30);
  });

  it("invariant: everything that is to be kept is written", () => {
    const to = fc.constantFrom("recording" as const, "paused" as const, "stopped" as const);
    const gaps = fc.array(fc.record({ to, after: fc.integer({ min: 1, max: 5 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(gaps, (list) => {
        let second = 0;
        const transitions = steps(
          ["recording", 0],
          ...list.map((one) => [one.to, (second += one.after) * 1e6] as const),
        );
        const phases = phasesOf(transitions);
        const clock = { bootId: "b", startUs: 0, startUtcMs: 0 };
        for (const { from, to: end } of keptSpans(place(clock, transitions), 60 * SAMPLE_RATE)) {
          for (let at = from; at < end; at += SAMPLE_RATE / 2) {
            expect(phases.keep((at * 1e6) / SAMPLE_RATE)).toBe("write");
          }
        }
      }),
    );
  });
});
