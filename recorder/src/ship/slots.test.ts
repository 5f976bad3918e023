import fc from "fast-check";
import { expect, it } from "vitest";
import { msToSamples } from "@verbatim/shared/clock";
import { nextCut } from "@verbatim/shared/recording/cuts";
import { controlRecord, runHeader } from "../../test/spool-samples.ts";
import type { SpoolRecord } from "../spool/record.ts";
import { createSlots, type Slot } from "./slots.ts";

const us = (ms: number): number => runHeader.clock.startUs + ms * 1000;

/** A control log as capture writes it: heartbeats, steps of the control that come late or soon, an end or none. */
const controlLog = fc
  .record({
    steps: fc.array(fc.record({ afterMs: fc.integer({ min: 50, max: 40_000 }), lateMs: fc.nat(5_000) }), {
      maxLength: 8,
    }),
    beatMs: fc.integer({ min: 200, max: 3_000 }),
    lengthMs: fc.integer({ min: 1_000, max: 200_000 }),
    ended: fc.boolean(),
    startMs: fc.nat(30_000),
  })
  .map(({ steps, beatMs, lengthMs, ended, startMs }) => {
    const transitions = [{ revision: 1, to: "recording" as "recording" | "paused" | "stopped", atUs: us(0) }];
    const lines: { ms: number; record: SpoolRecord }[] = [];
    const control = (ms: number) => lines.push({ ms, record: controlRecord(...transitions) });
    control(startMs);
    let at = startMs;
    for (const [n, step] of steps.entries()) {
      at += step.afterMs;
      const last = transitions.at(-1)!.to;
      const to = last === "recording" ? (n % 2 === 0 ? "stopped" : "paused") : "recording";
      transitions.push({ revision: n + 2, to, atUs: us(at) });
      control(at + step.lateMs);
    }
    for (let ms = startMs; ms <= lengthMs; ms += beatMs) {
      lines.push({ ms, record: { type: "heartbeat", heartbeat: { atUs: us(ms), durableSamples: msToSamples(ms) } } });
    }
    const records = lines.filter(({ ms }) => ms <= Math.max(lengthMs, startMs)).toSorted((a, b) => a.ms - b.ms);
    const all = records.map(({ record }) => record);
    const end = Math.max(lengthMs, startMs);
    if (ended) all.push({ type: "end", end: { atUs: us(end), atSamples: msToSamples(end), reason: "recovered" } });
    return { records: all, startSamples: msToSamples(startMs) };
  });

const cut = (records: readonly SpoolRecord[], startSamples: number): Slot[] => {
  const slots = createSlots({ ...runHeader, startSamples });
  return records.flatMap((record) => slots.push(record));
};

it("invariant: slots join one another, end at cuts, Stops or the run's end, and hold only what is kept", () => {
  fc.assert(
    fc.property(controlLog, ({ records, startSamples }) => {
      let at = startSamples;
      const stops = records.flatMap((record) =>
        record.type === "control"
          ? record.control.transitions.map(({ atUs }) => msToSamples((atUs! - runHeader.clock.startUs) / 1000))
          : [],
      );
      const ends = records.flatMap((record) => (record.type === "end" ? [record.end.atSamples] : []));
      for (const slot of cut(records, startSamples)) {
        expect(slot.startSamples).toBe(at);
        expect(slot.endSamples).toBeGreaterThan(at);
        expect(slot.endSamples).toBeLessThanOrEqual(nextCut(at));
        if (slot.endSamples !== nextCut(at)) expect([...stops, ...ends]).toContain(slot.endSamples);
        for (const { from, to } of slot.kept) {
          expect(from).toBeGreaterThanOrEqual(slot.startSamples);
          expect(to).toBeLessThanOrEqual(slot.endSamples);
        }
        at = slot.endSamples;
      }
    }),
    { numRuns: 300 },
  );
});

it("invariant: what is written later never changes a slot that was given out", () => {
  fc.assert(
    fc.property(controlLog, fc.nat(), ({ records, startSamples }, at) => {
      const early = cut(records.slice(0, at % (records.length + 1)), startSamples);
      expect(cut(records, startSamples).slice(0, early.length)).toEqual(early);
    }),
    { numRuns: 300 },
  );
});

it("waits 2 s for what is late, and 0.3 s at Stop", () => {
  const slots = createSlots(runHeader);
  const control = (...steps: ["recording" | "stopped" | "closed", number][]): SpoolRecord =>
    controlRecord(...steps.map(([to, ms], n) => ({ revision: n + 1, to, atUs: us(ms) })));
  const beat = (ms: number) =>
    slots
      .push({ type: "heartbeat", heartbeat: { atUs: us(ms), durableSamples: msToSamples(ms) } })
      .map(({ startSamples, endSamples }) => [startSamples / 48, endSamples / 48]);
  slots.push(control(["recording", 0]));
  expect(beat(3_999)).toEqual([]);
  expect(beat(4_000)).toEqual([[0, 2_000]]);
  slots.push(control(["recording", 0], ["stopped", 5_100]));
  expect(beat(5_399)).toEqual([]);
  expect(beat(5_400)).toEqual([
    [2_000, 5_000],
    [5_000, 5_100],
  ]);
  expect(beat(60_000)).toEqual([]);
  expect(slots.closed).toBe(false);
  slots.push(control(["recording", 0], ["stopped", 5_100], ["closed", 125_000]));
  slots.push({ type: "end", end: { atUs: us(125_000), atSamples: msToSamples(125_000), reason: "closed" } });
  expect(slots.closed).toBe(true);
});
