import { setTimeout as delay } from "node:timers/promises";

export type Backoff = { readonly firstMs: number; readonly maxMs: number };

/** "Full jitter": anything from 0 to a bound that doubles with each attempt (0 is the first), so that many clients spread. */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  return Math.round(random() * Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30)));
}

/** Does `work` until it succeeds or the signal aborts; `failed` hears of every failure and may throw to give up. */
export async function untilDone<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  options: {
    readonly backoff: Backoff;
    readonly random: () => number;
    readonly signal: AbortSignal;
    readonly failed: (cause: unknown, attempt: number) => void;
  },
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await work(options.signal);
    } catch (cause) {
      options.signal.throwIfAborted();
      options.failed(cause, attempt);
    }
    await delay(backoffMs(attempt, options.backoff, options.random), undefined, { signal: options.signal });
  }
}
