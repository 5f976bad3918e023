import { setTimeout as delay } from "node:timers/promises";

/** Waits until `look` answers something truthy and gives it back; fails with `what` after the deadline. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  deadlineMs = 60_000,
): Promise<Exclude<T, false | null | undefined | 0 | "">> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen as Exclude<T, false | null | undefined | 0 | "">;
    if (performance.now() > end) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await delay(5);
  }
}
