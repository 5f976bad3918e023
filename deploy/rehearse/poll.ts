import { setTimeout as delay } from "node:timers/promises";

/** Asks again until there is an answer other than undefined or false; undefined when `withinMs` has passed. Rejects with the signal's reason. */
export async function poll<Answer>(
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  withinMs: number,
  options: { readonly everyMs?: number; readonly signal?: AbortSignal } = {},
): Promise<Answer | undefined> {
  const { everyMs = 50, signal } = options;
  const until = Date.now() + withinMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() >= until) return undefined;
    await sleep(everyMs, signal);
  }
}

/** Rejects with the signal's reason. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(Math.max(0, ms), undefined, signal ? { signal } : {});
  } catch (thrown) {
    signal?.throwIfAborted();
    throw thrown;
  }
}
