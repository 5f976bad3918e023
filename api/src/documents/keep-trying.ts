import { setTimeout as delay } from "node:timers/promises";

const RETRY_MS = { first: 100, most: 5_000 } as const;

/** Does it until it works, later and later: for what a document cannot go on without while the database is away. */
export async function keepTrying<Result>(
  work: () => Promise<Result>,
  onFailed: (cause: unknown, retryMs: number) => void,
): Promise<Result> {
  for (let wait: number = RETRY_MS.first; ; wait = Math.min(wait * 2, RETRY_MS.most)) {
    try {
      return await work();
    } catch (cause) {
      onFailed(cause, wait);
      await delay(wait);
    }
  }
}
