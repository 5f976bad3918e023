import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SeatId } from "../ids.ts";
import { endPosition, keptSpans, place, type PlacedTransition, type Span } from "./control.ts";
import { type Control, ControlAction, idleControl, step } from "./state.ts";

const at = (...list: [PlacedTransition["to"], number][]): PlacedTransition[] =>
  list.map(([to, position]) => ({ to, at: position }));

describe("what is kept", () => {
  it("is all from Start to now", () => {
    expect(keptSpans(at(["recording", 0]), 50)).toEqual([{ from: 0, to: 50 }]);
    expect(keptSpans([], 50)).toEqual([]);
  });

  it("has a hole for each pause", () => {
    expect(keptSpans(at(["recording", 0], ["paused", 10], ["recording", 20]), 50)).toEqual([
      { from: 0, to: 10 },
      { from: 20, to: 50 },
    ]);
    expect(keptSpans(at(["recording", 0], ["paused", 10]), 50)).toEqual([{ from: 0, to: 10 }]);
  });

  it("has no hole where Stop was undone", () => {
    expect(keptSpans(at(["recording", 0], ["stopped", 10], ["recording", 20]), 50)).toEqual([{ from: 0, to: 50 }]);
    const twice = at(["recording", 0], ["stopped", 10], ["recording", 20], ["stopped", 30], ["recording", 31]);
    expect(keptSpans(twice, 50)).toEqual([{ from: 0, to: 50 }]);
  });

  it("keeps a pause a pause when the Stop after it is undone", () => {
    const transitions = at(["recording", 0], ["paused", 10], ["stopped", 20], ["paused", 25], ["recording", 30]);
    expect(keptSpans(transitions, 50)).toEqual([
      { from: 0, to: 10 },
      { from: 30, to: 50 },
    ]);
  });

  it("ends at Stop, whatever was captured after it", () => {
    expect(keptSpans(at(["recording", 0], ["stopped", 10], ["closed", 30]), 50)).toEqual([{ from: 0, to: 10 }]);
    expect(endPosition(at(["recording", 0], ["stopped", 10], ["closed", 30]))).toBe(10);
    expect(endPosition(at(["recording", 0], ["stopped", 10], ["recording", 20]))).toBeUndefined();
  });
});

it("leaves out what the media server has not accepted, in order of revision", () => {
  const clock = { bootId: "b", startUs: 1_000_000, startUtcMs: 0 };
  const placed = place(clock, [
    { revision: 3, to: "recording", atUs: null },
    { revision: 2, to: "paused", atUs: 2_000_000 },
    { revision: 1, to: "recording", atUs: 999_999 },
  ]);
  expect(placed).toEqual(at(["recording", 0], ["paused", 48_000]));
});

/** Transitions as control really makes them, each with the position at which it was accepted. */
const history: fc.Arbitrary<PlacedTransition[]> = fc
  .array(fc.tuple(fc.constantFrom(...ControlAction.options), fc.integer({ min: 0, max: 100 })), { maxLength: 40 })
  .map((list) => {
    let control: Control = idleControl;
    let position = 0;
    const placed: PlacedTransition[] = [];
    for (const [type, after] of list) {
      position += after;
      const outcome = step(control, { type, seat: "a" as SeatId, epoch: control.epoch, atMs: position });
      if (!outcome.ok) continue;
      const { phase } = outcome.control;
      if (outcome.control.revision !== control.revision && phase !== "idle") placed.push({ to: phase, at: position });
      control = outcome.control;
    }
    return placed;
  });

const covers = (spans: readonly Span[], position: number): boolean =>
  spans.some(({ from, to }) => from <= position && position < to);

describe("invariant", () => {
  it("spans are whole, in order, apart, and before now", () => {
    fc.assert(
      fc.property(history, fc.nat(200), (transitions, extra) => {
        const now = (transitions.at(-1)?.at ?? 0) + extra;
        const spans = keptSpans(transitions, now);
        let last = -1;
        for (const { from, to } of spans) {
          expect(from).toBeGreaterThan(last);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(now);
          last = to;
        }
      }),
    );
  });

  it("nothing before Start, paused, or after a Stop that stands is kept, and all else is", () => {
    fc.assert(
      fc.property(history, fc.nat(200), (transitions, extra) => {
        const now = (transitions.at(-1)?.at ?? 0) + extra;
        const spans = keptSpans(transitions, now);
        for (let position = 0; position < now; position++) {
          const phase = transitions.findLast((each) => each.at <= position)?.to;
          const next = transitions.find((each) => each.at > position)?.to;
          if (phase === "recording") expect(covers(spans, position)).toBe(true);
          else if (phase === "stopped") expect(covers(spans, position)).toBe(next === "recording");
          else expect(covers(spans, position)).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("a transition later in time never changes what was kept before it, but for undoing Stop", () => {
    fc.assert(
      fc.property(history, (transitions) => {
        for (let n = 1; n < transitions.length; n++) {
          const here = transitions[n]!.at;
          const before = keptSpans(transitions.slice(0, n), here);
          const after = keptSpans(transitions.slice(0, n + 1), here);
          for (const { from, to } of before) for (let p = from; p < to; p += 7) expect(covers(after, p)).toBe(true);
        }
      }),
    );
  });
});
