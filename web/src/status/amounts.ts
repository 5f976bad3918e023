const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** "1.5 GB": three figures at most, in powers of 1000 as disks are sold. */
export function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[step]}`;
}

/** "40 s", "12 min", "5 h", "3 days": the largest unit alone; hours up to four days, since disks are counted in them. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36_000) return `${(seconds / 3_600).toFixed(1)} h`;
  if (seconds < 4 * 86_400) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
