import fc from "fast-check";
import { expect, it } from "vitest";
import { agoOf, clockOf, dayAndTime, dayKey, lengthOf, msOfClock, utcToZoned, zonedToUtc } from "./format.ts";

it("writes positions as a clock, with hours only when there are any", () => {
  expect([0, 7_900, 754_000, 3_723_000, -5].map(clockOf)).toEqual(["0:00", "0:07", "12:34", "1:02:03", "0:00"]);
});

it("reads every clock that it writes, to the second, and no other numbers", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 * 3_600_000 }), (ms) => {
      expect(msOfClock(clockOf(ms))).toBe(Math.floor(ms / 1000) * 1000);
    }),
  );
  expect(["75:00", "00:07", "01:02:03"].map(msOfClock)).toEqual([4_500_000, 7_000, 3_723_000]);
  for (const no of ["12", "12:3", "12:60", "1:60:00", "1:2:03", "1:002:03", "1234:00", ":30"]) {
    expect(msOfClock(no)).toBeUndefined();
  }
});

it("writes short lengths with a tenth, longer ones without", () => {
  expect([1_800, 42_400, 190_000].map(lengthOf)).toEqual(["1.8 s", "42 s", "3:10"]);
});

it("counts what is past in whole seconds", () => {
  expect([-3, 5_900, 59_999, 190_400].map(agoOf)).toEqual(["0 s", "5 s", "59 s", "3:10"]);
});

it("shows a moment in its own zone, and the year only when it is another one", () => {
  const now = Date.parse("2026-11-21T00:00:00Z");
  expect(dayAndTime("2026-11-20T09:00:00Z", "Europe/Vienna", now)).toBe("20 Nov, 10:00");
  expect(dayAndTime("2027-01-05T09:00:00Z", "Europe/Vienna", now)).toBe("5 Jan 2027, 10:00");
});

it("tells days apart in the zone, not in UTC", () => {
  expect(dayKey(Date.parse("2026-11-20T23:30:00Z"), "Europe/Vienna")).toBe("2026-11-21");
});

it("turns a wall clock into a moment and back, on both sides of a clock change", () => {
  for (const [local, utc] of [
    ["2026-07-01T10:00", "2026-07-01T08:00:00.000Z"],
    ["2026-12-01T10:00", "2026-12-01T09:00:00.000Z"],
    ["2026-10-25T01:30", "2026-10-24T23:30:00.000Z"],
    ["2026-10-25T04:00", "2026-10-25T03:00:00.000Z"],
    ["2026-03-29T03:30", "2026-03-29T01:30:00.000Z"],
  ] as const) {
    const moment = zonedToUtc(local, "Europe/Vienna");
    expect(moment.toISOString()).toBe(utc);
    expect(utcToZoned(moment.getTime(), "Europe/Vienna")).toBe(local);
  }
});
