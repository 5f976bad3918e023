import { setTimeout as delay } from "node:timers/promises";

/** Asks again until there is an answer other than undefined or false; undefined when `withinMs` has passed. */
export async function poll<Answer>(
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  withinMs: number,
  everyMs = 50,
): Promise<Answer | undefined> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() >= until) return undefined;
    await delay(everyMs);
  }
}
