/** One interview as a calendar needs it; times are absolute, so that no time zone has to be described. */
export type CalendarEntry = {
  /** Stays the same for ever: a second import changes the first. */
  readonly uid: string;
  /** Grows with every change; a calendar ignores what is older. */
  readonly sequence: number;
  readonly changedAt: Date;
  readonly startsAt: Date;
  readonly durationMinutes: number;
  readonly cancelled: boolean;
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly organiser: { readonly name: string; readonly email: string };
};

/** RFC 5545: a line has at most 75 octets, without its end. */
const LINE_OCTETS = 75;

/** The entry as an iCalendar object (RFC 5545), published or cancelled (RFC 5546). */
export function asCalendar(entry: CalendarEntry): string {
  const endsAt = new Date(entry.startsAt.getTime() + entry.durationMinutes * 60_000);
  const { name, email } = entry.organiser;
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Verbatim//Interviews//EN",
    "CALSCALE:GREGORIAN",
    `METHOD:${entry.cancelled ? "CANCEL" : "PUBLISH"}`,
    "BEGIN:VEVENT",
    `UID:${escape(entry.uid)}`,
    `DTSTAMP:${utc(entry.changedAt)}`,
    `LAST-MODIFIED:${utc(entry.changedAt)}`,
    `SEQUENCE:${entry.sequence}`,
    `STATUS:${entry.cancelled ? "CANCELLED" : "CONFIRMED"}`,
    `DTSTART:${utc(entry.startsAt)}`,
    `DTEND:${utc(endsAt)}`,
    `SUMMARY:${escape(entry.title)}`,
    `DESCRIPTION:${escape(entry.description)}`,
    `URL:${entry.url}`,
    ...(email === "" ? [] : [`ORGANIZER;CN=${parameter(name)}:mailto:${email}`]),
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(fold).join("\r\n")}\r\n`;
}

/** `20261120T090000Z` */
const utc = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

/** Text is escaped; a bare carriage return is no character of an iCalendar text at all. */
const escape = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll("\n", "\\n")
    .replaceAll(CONTROLS, "");

/** A parameter's value has no escapes of its own: quotes and line ends are spelled as in RFC 6868. */
const parameter = (text: string): string =>
  `"${text
    .replaceAll("^", "^^")
    .replaceAll('"', "^'")
    .replaceAll(/\r\n?|\n/g, "^n")
    .replaceAll(CONTROLS, "")}"`;

const CONTROLS = /\p{Cc}/gu;

/** Breaks a line at 75 octets, never inside a character; what goes on begins with a space. */
function fold(line: string): string {
  const folded: string[] = [];
  let now = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LINE_OCTETS) {
      folded.push(now);
      now = " ";
      octets = 1;
    }
    now += character;
    octets += size;
  }
  return [...folded, now].join("\r\n");
}
