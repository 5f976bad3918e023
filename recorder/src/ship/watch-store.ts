import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@verbatim/hands/log";
import type { Store } from "@verbatim/hands/store/store";
import type { ShipDeps } from "./run-shipper.ts";

const EVERY_MS = 60_000;
/** While the store is away, an operator who mends it wants to see so soon. */
const EVERY_WHILE_AWAY_MS = 10_000;
/** A whole proof leaves four versions and marks of deletion in a bucket that keeps them: 16 a day, each minute 5,760. */
const PROOF_MS = 6 * 3_600_000;
/** Nothing lies under it: that it is not there is an answer too. */
const NOWHERE = "probe/nowhere";

export type StoreWatch = AsyncDisposable & { readonly usable: boolean };

/**
 * Knows whether the store works before an interview needs it. Proves it at the start, when a chunk could not be stored,
 * and four times a day; a chunk that was stored proves as much, and in between reading tells whether it answers.
 */
export function watchStore(options: {
  readonly store: Store;
  readonly counters: Pick<ShipDeps["counters"], "stored" | "failed">;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly everyMs?: number;
}): StoreWatch {
  const { store, counters, log, signal, nowMs, everyMs = EVERY_MS } = options;
  let usable: boolean | undefined;
  let provenMs = 0;
  let seen = { stored: 0, failed: 0 };

  const look = async (): Promise<void> => {
    const { stored, failed } = counters;
    const before = seen;
    seen = { stored, failed };
    if (!usable || failed > before.failed || nowMs() - provenMs >= PROOF_MS) {
      await store.probe();
      provenMs = nowMs();
    } else if (stored === before.stored) await store.head(NOWHERE);
  };

  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      const was = usable;
      try {
        await look();
        usable = true;
        if (was === false) log.info("store.usable_again");
      } catch (cause) {
        usable = false;
        if (was !== false) log.error("store.not_usable", { cause });
      }
      const waitMs = usable ? everyMs : Math.min(everyMs, EVERY_WHILE_AWAY_MS);
      await delay(waitMs, undefined, { signal }).catch(() => undefined); // Told to stop.
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
