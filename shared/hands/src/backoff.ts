export type Backoff = { readonly firstMs: number; readonly maxMs: number };

/** "Full jitter": anything from 0 to a bound that doubles with each attempt (0 is the first), so that many clients spread. */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  return Math.round(random() * Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30)));
}
