import { expect, it } from "vitest";
import { isLaterPart, plannedEndMs } from "./planned-end.ts";

const clock = (text: string): number => Date.parse(`2026-11-20T${text}:00Z`);
const planned = { startsAtMs: clock("10:00"), durationMinutes: 60 };

it.each([
  ["before Start, from the planned start", {}, "11:00"],
  ["begun on time", { begunAtMs: "10:00", startedAtMs: "10:00" }, "11:00"],
  ["begun early, it still ends as planned", { begunAtMs: "09:55", startedAtMs: "09:55" }, "11:00"],
  ["begun late, it ends as much later", { begunAtMs: "10:07", startedAtMs: "10:07" }, "11:07"],
  ["in a second part, from the first one's start", { begunAtMs: "10:00", startedAtMs: "10:50" }, "11:00"],
  ["while a second part gets its clock", { begunAtMs: "10:00" }, "11:00"],
  ["of a server that tells of the present part alone", { startedAtMs: "10:50" }, "11:50"],
])("the planned end, %s", (_, told: { begunAtMs?: string; startedAtMs?: string }, end) => {
  const { begunAtMs, startedAtMs } = told;
  expect(
    plannedEndMs(planned, {
      startedAtMs: startedAtMs === undefined ? null : clock(startedAtMs),
      ...(begunAtMs === undefined ? {} : { begunAtMs: clock(begunAtMs) }),
    }),
  ).toBe(clock(end));
});

it("a part is a later one when the talk began before it, and only where the server tells", () => {
  expect(isLaterPart({ begunAtMs: 1, startedAtMs: 1 })).toBe(false);
  expect(isLaterPart({ begunAtMs: 1, startedAtMs: 2 })).toBe(true);
  expect(isLaterPart({ begunAtMs: 1, startedAtMs: null })).toBe(true);
  expect(isLaterPart({ startedAtMs: null })).toBe(false);
  expect(isLaterPart({ startedAtMs: 2 })).toBe(false);
});
