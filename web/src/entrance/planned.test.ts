import { expect, it } from "vitest";
import { plannedNote } from "./planned.ts";

const plan = { startsAt: "2026-11-20T09:00:00Z", movedFrom: null, durationMinutes: 45 };
const note = (now: string, change: Partial<Parameters<typeof plannedNote>[0]> = {}, zone = "Europe/Vienna") =>
  plannedNote({ ...plan, ...change }, Date.parse(now), zone);

it("says when a link is opened on another day", () => {
  expect(note("2026-11-20T05:00:00Z")).toBe("none");
  expect(note("2026-11-19T12:00:00Z")).toBe("early");
  expect(note("2026-11-21T12:00:00Z")).toBe("past");
});

it("takes the minutes around midnight for no other day", () => {
  const night = { startsAt: "2026-11-20T23:05:00Z" };
  expect(note("2026-11-20T22:55:00Z", night)).toBe("none");
  expect(note("2026-11-21T23:30:00Z", { startsAt: "2026-11-21T22:30:00Z" })).toBe("none");
});

it("says that it was moved, whenever the link is opened", () => {
  expect(note("2026-11-20T05:00:00Z", { movedFrom: "2026-11-19T09:00:00Z" })).toBe("moved");
});
