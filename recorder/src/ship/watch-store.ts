import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@verbatim/hands/log";
import type { Store } from "@verbatim/hands/store/store";

const EVERY_MS = 60_000;
/** While the store is away, an operator who mends it wants to see so soon. */
const EVERY_WHILE_AWAY_MS = 10_000;

/** Tries the store at the start and every minute, so that a wrong key is seen before an interview needs it. */
export function watchStore(store: Store, log: Log, signal: AbortSignal) {
  let usable: boolean | undefined;
  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      const was = usable;
      try {
        await store.probe();
        usable = true;
        if (was === false) log.info("store.usable_again");
      } catch (cause) {
        usable = false;
        if (was !== false) log.error("store.not_usable", { cause });
      }
      await delay(usable ? EVERY_MS : EVERY_WHILE_AWAY_MS, undefined, { signal }).catch(() => undefined); // Told to stop.
    }
  };
  const watching = watch();
  return {
    get usable(): boolean {
      return usable === true;
    },
    [Symbol.asyncDispose]: () => watching,
  };
}
