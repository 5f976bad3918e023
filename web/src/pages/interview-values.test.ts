import type { Interview } from "@verbatim/shared/api/interviews";
import { expect, it } from "vitest";
import { draftOf, newValues, valuesOf } from "./interview-values.ts";

/** The hour that Vienna's clocks show twice, the second time; with seconds, as an interview made by the interface has. */
const interview = {
  title: "Backend engineer",
  candidateName: "Ada Lovelace",
  startsAt: "2026-10-25T01:30:12.345Z",
  zone: "Europe/Vienna",
  durationMinutes: 45,
  language: "de",
  autoStart: true,
  recordPicture: false,
  contact: "+43 1",
  keptMonths: 3,
} as Interview;

it("an interview that is opened and saved untouched is the same to the millisecond, and its notice stays", () => {
  expect(draftOf(valuesOf(interview), interview)).toEqual(interview);
});

it("moves with its clock and with its zone", () => {
  const values = valuesOf(interview);
  expect(draftOf({ ...values, startsAt: "2026-11-20T10:00" }, interview).startsAt).toBe("2026-11-20T09:00:00.000Z");
  const elsewhere = { ...values, startsAt: "2026-11-20T10:00", zone: "America/New_York" };
  expect(draftOf(elsewhere, interview).startsAt).toBe("2026-11-20T15:00:00.000Z");
});

it("sends the notice of the chosen language alone, an empty one too", () => {
  const values = { ...valuesOf(interview), notices: { de: "", mt: "B'Malti." } };
  expect(draftOf(values, interview).notice).toBe("");
  expect(draftOf({ ...values, language: "mt" }, interview).notice).toBe("B'Malti.");
  expect(draftOf({ ...values, language: "fr" }, interview)).not.toHaveProperty("notice");
});

it("leaves an unfinished date to the schema, and begins at the next half hour", () => {
  const values = newValues(Date.parse("2026-11-20T09:01:00Z"), "Europe/Vienna", "anna@example.org");
  expect(values).toMatchObject({ startsAt: "2026-11-20T10:30", contact: "anna@example.org" });
  expect(draftOf({ ...values, startsAt: "" }).startsAt).toBe("");
  expect(draftOf({ ...values, zone: "Europe/Nowhere" }).startsAt).toBe("");
});
