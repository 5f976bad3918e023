import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SAMPLE_RATE } from "@verbatim/shared/clock";
import type { SeatId } from "@verbatim/shared/ids";
import { presenceSpans } from "./presence.ts";
import { readiness } from "./readiness.ts";

const seatId = "11111111-1111-4111-8111-111111111111" as SeatId;
const clock = { bootId: "b", startUs: 10_000_000, startUtcMs: 0 };
const s = (n: number): number => n * SAMPLE_RATE;
const at = (presence: "here" | "away" | "left", second: number) => ({
  seatId,
  presence,
  atUs: (second + 10) * 1_000_000,
});
const spans = (...changes: ReturnType<typeof at>[]) => {
  const { presence, away } = presenceSpans(changes, clock, s(60));
  const short = (each: { fromSamples: number; toSamples: number }) => [
    each.fromSamples / SAMPLE_RATE,
    each.toSamples / SAMPLE_RATE,
  ];
  return { presence: presence.map(short), away: away.map(short) };
};

describe("a speaker's time in the seat", () => {
  it("begins at Start for whoever was there", () => {
    expect(spans(at("here", -5))).toEqual({ presence: [[0, 60]], away: [] });
    expect(spans(at("here", -5), at("left", -3))).toEqual({ presence: [], away: [] });
    expect(spans(at("here", -5), at("left", -3), at("here", 4))).toEqual({ presence: [[4, 60]], away: [] });
  });

  it("ends where the connection went, for whoever never came back", () => {
    expect(spans(at("here", 0), at("away", 30), at("left", 57))).toEqual({ presence: [[0, 30]], away: [] });
  });

  it("goes on through a loss, and through a leave that was followed by a return", () => {
    expect(spans(at("here", 0), at("away", 20), at("here", 35))).toEqual({ presence: [[0, 60]], away: [[20, 35]] });
    expect(spans(at("here", 0), at("away", 20), at("left", 47), at("here", 50))).toEqual({
      presence: [[0, 60]],
      away: [[20, 50]],
    });
    expect(spans(at("here", 0), at("away", 50))).toEqual({ presence: [[0, 60]], away: [[50, 60]] });
  });

  it("knows nothing of what happened after the end", () => {
    expect(spans(at("here", 0), at("left", 61))).toEqual({ presence: [[0, 60]], away: [] });
    expect(spans(at("here", 61))).toEqual({ presence: [], away: [] });
  });

  it("invariant: one span at most, every absence inside it, in order", () => {
    const change = fc.record({
      presence: fc.constantFrom("here", "away", "left"),
      second: fc.integer({ min: -10, max: 70 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const { presence, away } = spans(...changes.map((each) => at(each.presence as "here", each.second)));
        expect(presence.length).toBeLessThanOrEqual(1);
        const [span] = presence;
        let last = span?.[0] ?? 0;
        for (const [from = 0, to = 0] of away) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(span?.[1] ?? 0);
          last = to;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a stopped recording", () => {
  const run = (change: object = {}) => ({
    startSamples: 0,
    durableSamples: s(62),
    storedSamples: s(62),
    endSamples: null,
    alive: true,
    backlog: 0,
    tracks: [],
    movedAgoMs: 500,
    ...change,
  });
  const ready = (change: object = {}) =>
    readiness({ endSamples: s(60), runs: [run()], chunks: 4, sinceStopMs: 1_000, ...change });

  it("is ready when every living run has delivered up to the end", () => {
    expect(ready()).toEqual({ type: "ready", endSamples: s(60) });
    expect(ready({ runs: [run(), run({ storedSamples: s(59) })] }).type).toBe("wait");
  });

  it("waits for a store that is away for as long as its recorder lives", () => {
    expect(ready({ runs: [run({ storedSamples: s(10), backlog: 9, movedAgoMs: 3e7 })], sinceStopMs: 3e7 }).type).toBe(
      "wait",
    );
  });

  it("does not wait for the dead", () => {
    expect(ready({ runs: [run({ storedSamples: s(10), alive: false, backlog: 3 })] }).type).toBe("ready");
    expect(
      ready({
        runs: [
          run({ endSamples: s(20), durableSamples: s(20), storedSamples: s(20), alive: false }),
          run({ startSamples: s(22) }),
        ],
      }).type,
    ).toBe("ready");
    const captureDied = run({ durableSamples: s(30), storedSamples: s(30), movedAgoMs: 20_000 });
    expect(ready({ runs: [captureDied] }).type).toBe("ready");
  });

  it("takes its end from the runs when the media server never stamped Stop", () => {
    expect(ready({ endSamples: undefined }).type).toBe("wait");
    expect(ready({ endSamples: undefined, sinceStopMs: 11_000, runs: [run({ alive: false })] })).toEqual({
      type: "ready",
      endSamples: s(62),
    });
  });

  it("is nothing when no recorder ever answered", () => {
    expect(ready({ runs: [], chunks: 0 }).type).toBe("wait");
    expect(ready({ runs: [], chunks: 0, sinceStopMs: 21_000 }).type).toBe("nothing");
  });
});
