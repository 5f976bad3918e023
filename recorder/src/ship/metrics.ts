import { metricsOf } from "@verbatim/hands/metrics";
import type { Registry } from "prom-client";
import type { Ship } from "./ship.ts";

/** Names what ship counts. */
export function registerMetrics(registry: Registry, ship: Ship, storeUsable: () => boolean): void {
  const { total, gauge } = metricsOf(registry, "ship");
  total("chunks_stored", "Chunks stored, read back and found right.", () => ship.counters.stored);
  total("put_failures", "Attempts to store a chunk that failed.", () => ship.counters.failed);
  gauge("runs", "Runs in the spool.", () => ship.runs.length);
  gauge("backlog_chunks", "Chunks that could be stored and are not yet.", () =>
    ship.runs.reduce((sum, { backlog }) => sum + backlog, 0),
  );
  gauge("late_packets", "Packets of one run that came after their chunk, at most.", () => ship.counters.late);
  gauge("store_usable", "1 while the last try of the store worked.", () => Number(storeUsable()));
}
