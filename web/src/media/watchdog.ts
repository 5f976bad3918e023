/** Watches received bytes: a consumer may go silent after an ICE restart though its producer sends (mediasoup#331). */
export type Watched = { readonly consumerId: string; readonly bytes: number; readonly producerLive: boolean };

/** Soon after our own path changed, a consumer that stands still is ours to repair. */
const STALL_MS = 3_000;
/** Later it is more likely the sender, whose old producer the server keeps for 10 s after a reload. */
const STALL_SETTLED_MS = 12_000;
/** How long a path counts as new. */
const SETTLING_MS = 10_000;
/** A repair needs time to show; without this a slow one would be repaired again and again. */
const REPAIR_PAUSE_MS = 6_000;

export type Watchdog = {
  /** Consumers that have stood still too long while their producers send; `settledAtMs` is when our path was last made. */
  readonly look: (consumers: readonly Watched[], atMs: number, settledAtMs: number) => readonly string[];
};

export function createWatchdog(): Watchdog {
  let seen = new Map<string, { bytes: number; movedAtMs: number }>();
  let quietUntilMs = 0;
  return {
    look: (consumers, atMs, settledAtMs) => {
      const patienceMs = atMs - settledAtMs < SETTLING_MS ? STALL_MS : STALL_SETTLED_MS;
      const next = new Map<string, { bytes: number; movedAtMs: number }>();
      const stalled: string[] = [];
      for (const { consumerId, bytes, producerLive } of consumers) {
        const before = seen.get(consumerId);
        const moved = !before || bytes !== before.bytes || !producerLive;
        const movedAtMs = moved ? atMs : before.movedAtMs;
        next.set(consumerId, { bytes, movedAtMs });
        if (atMs - movedAtMs >= patienceMs) stalled.push(consumerId);
      }
      seen = next;
      if (stalled.length === 0 || atMs < quietUntilMs) return [];
      quietUntilMs = atMs + REPAIR_PAUSE_MS;
      return stalled;
    },
  };
}
