const two = (n: number): string => String(n).padStart(2, "0");

/** A length or position as people read it: `0:07`, `12:34`, `1:02:03`. Never negative. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Back from `0:07`, `12:34`, `75:00` or `1:02:03` to milliseconds; undefined where a person cannot have meant a position. */
export function msOfClock(text: string): number | undefined {
  const found = /^(?:(\d{1,2}):([0-5]\d)|(\d{1,3})):([0-5]\d)$/.exec(text);
  if (!found) return undefined;
  const [, hours = 0, minutesOfHour, minutes = 0, seconds] = found;
  return ((Number(hours) * 60 + Number(minutesOfHour ?? minutes)) * 60 + Number(seconds)) * 1000;
}

/** A short length: `1.8 s`, `42 s`, `3:10`. */
export function lengthOf(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  return clockOf(ms);
}

/** How long ago, in whole seconds: `12 s`, then `3:10`. */
export const agoOf = (ms: number): string => (ms < 60_000 ? `${Math.floor(Math.max(0, ms) / 1000)} s` : clockOf(ms));

/** `14:05`, by this browser's clock. */
export const timeOf = (ms: number, locale = "en-GB"): string =>
  new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(ms);

/** `20 Nov, 10:00` in the zone; with the year when it is not this year. */
export function dayAndTime(iso: string, zone: string, nowMs: number, locale = "en-GB"): string {
  const date = new Date(iso);
  const sameYear = date.getUTCFullYear() === new Date(nowMs).getUTCFullYear();
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
  }).format(date);
}

/** `10:04:09` where the reader is. */
export const fullTime = (ms: number, locale = "en-GB"): string =>
  new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);

/** `Fri 20 November 2026, 10:00 CET`: the whole truth, for hovers and invitations. */
export function fullDate(iso: string, zone: string, locale = "en-GB"): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(iso));
}

/** `Vienna` of `Europe/Vienna`. */
export const placeOf = (zone: string): string => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

/** `2026-11-20` in the zone, to tell days apart. */
export const dayKey = (ms: number, zone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(new Date(ms));

/** The moment at which a wall clock in `zone` shows `local` (`2026-11-20T10:00`, as datetime-local gives it). */
export function zonedToUtc(local: string, zone: string): Date {
  const asIfUtc = Date.parse(`${local}Z`);
  // Twice: the first offset may be taken on the wrong side of a clock change.
  const once = asIfUtc - offsetAt(asIfUtc, zone);
  return new Date(asIfUtc - offsetAt(once, zone));
}

/** What a wall clock in `zone` shows at `ms`, as datetime-local wants it. */
export function utcToZoned(ms: number, zone: string): string {
  return new Date(ms + offsetAt(ms, zone)).toISOString().slice(0, 16);
}

function offsetAt(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(new Date(ms));
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return shown - Math.floor(ms / 1000) * 1000;
}
