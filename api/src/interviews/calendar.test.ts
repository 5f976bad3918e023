import fc from "fast-check";
import { expect, it } from "vitest";
import { asCalendar, type CalendarEntry } from "./calendar.ts";

const entry: CalendarEntry = {
  uid: "11111111-1111-4111-8111-111111111111@localhost",
  sequence: 3,
  changedAt: new Date("2026-11-19T08:00:00.123Z"),
  startsAt: new Date("2026-11-20T09:30:00Z"),
  durationMinutes: 45,
  cancelled: false,
  title: "Backend engineer; Zoë, Łukasz",
  description: "First line\nSecond line",
  url: "http://localhost:3000/interviews/1",
  organiser: { name: 'Anna "Host"; Acme', email: "anna@example.org" },
};

/** What a calendar program reads: lines unfolded, then name and value, then the value's escapes. */
function read(text: string): Map<string, string> {
  const lines = text.replaceAll("\r\n ", "").split("\r\n");
  return new Map(lines.map((line) => [line.slice(0, line.search(/[:;]/)), line.slice(line.search(/[:;]/) + 1)]));
}
const unescape = (text: string): string => text.replaceAll(/\\(.)/g, (_, sign: string) => (sign === "n" ? "\n" : sign));

it("tells a calendar when in UTC, and what, in text that is escaped", () => {
  const text = asCalendar(entry);
  const fields = read(text);
  expect(fields.get("DTSTART")).toBe("20261120T093000Z");
  expect(fields.get("DTEND")).toBe("20261120T101500Z");
  expect(fields.get("DTSTAMP")).toBe("20261119T080000Z");
  expect(fields.get("SUMMARY")).toBe("Backend engineer\\; Zoë\\, Łukasz");
  expect(fields.get("DESCRIPTION")).toBe("First line\\nSecond line");
  expect(fields.get("ORGANIZER")).toBe(`CN="Anna ^'Host^'; Acme":mailto:anna@example.org`);
  expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
});

it("keeps its UID, counts its changes, and says when it was cancelled", () => {
  const before = read(asCalendar(entry));
  const after = read(asCalendar({ ...entry, sequence: 4, cancelled: true }));
  expect(after.get("UID")).toBe(before.get("UID"));
  expect([before.get("SEQUENCE"), after.get("SEQUENCE")]).toEqual(["3", "4"]);
  expect([before.get("METHOD"), before.get("STATUS")]).toEqual(["PUBLISH", "CONFIRMED"]);
  expect([after.get("METHOD"), after.get("STATUS")]).toEqual(["CANCEL", "CANCELLED"]);
});

it("has no line over 75 octets, breaks none inside a character, and gives any text back whole", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (title) => {
      const text = asCalendar({ ...entry, title });
      for (const line of text.split("\r\n")) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(line).not.toMatch(/[\r\n]/);
      }
      // Control characters cannot stand in an iCalendar text; line ends are all written the same way.
      const kept = title.replaceAll(/\r\n?/g, "\n").replaceAll(/[^\n\P{Cc}]/gu, "");
      expect(unescape(read(text).get("SUMMARY") ?? "")).toBe(kept);
    }),
    { seed: 5, numRuns: 300 },
  );
});
