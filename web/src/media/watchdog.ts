/** Watches received bytes: a consumer may go silent after an ICE restart though its producer sends (mediasoup#331). */
export type Watched = { readonly consumerId: string; readonly bytes: number; readonly producerLive: boolean };

export const STALL_MS = 3_000;
/** A repair needs time to show; without this a slow one would be repaired again and again. */
export const REPAIR_PAUSE_MS = 6_000;

export type Watchdog = {
  /** Consumers that have stood still for STALL_MS while their producers send. Each is named once per REPAIR_PAUSE_MS. */
  readonly look: (consumers: readonly Watched[], atMs: number) => readonly string[];
};

export function createWatchdog(): Watchdog {
  let seen = new Map<string, { bytes: number; movedAtMs: number }>();
  let quietUntilMs = 0;
  return {
    look: (consumers, atMs) => {
      const next = new Map<string, { bytes: number; movedAtMs: number }>();
      const stalled: string[] = [];
      for (const { consumerId, bytes, producerLive } of consumers) {
        const before = seen.get(consumerId);
        const moved = !before || bytes !== before.bytes || !producerLive;
        const movedAtMs = moved ? atMs : before.movedAtMs;
        next.set(consumerId, { bytes, movedAtMs });
        if (atMs - movedAtMs >= STALL_MS) stalled.push(consumerId);
      }
      seen = next;
      if (stalled.length === 0 || atMs < quietUntilMs) return [];
      quietUntilMs = atMs + REPAIR_PAUSE_MS;
      return stalled;
    },
  };
}
