import { metricsOf } from "@verbatim/hands/metrics";
import type { Registry } from "prom-client";
import type { Capture } from "./capture.ts";

/** Names what capture counts. */
export function registerMetrics(registry: Registry, capture: Capture, nowUs: () => number): void {
  const { counters } = capture;
  const { total, gauge } = metricsOf(registry, "capture");
  const runs = () => capture.calls.flatMap(({ run }) => (run ? [run] : []));
  total("packets", "Authentic media packets received.", () => counters.packets);
  total("bytes", "Bytes of their payloads.", () => counters.bytes);
  total("lost_packets", "Holes in sequence numbers that were not filled later.", () => counters.lost);
  total("refused_packets", "Datagrams that were malformed, unauthentic or replayed.", () =>
    Object.values(counters.faults).reduce((sum, n) => sum + n, 0),
  );
  total("disk_faults", "Writes and syncs that the disk refused.", () => counters.diskFaults);
  total("heartbeats", "Heartbeats made durable.", () => counters.heartbeats);
  total(
    "heartbeats_skipped",
    "Heartbeats left out after a stall or for a slow disk.",
    () => counters.heartbeatsSkipped,
  );
  total("stalls", "Times the process did not run for more than half a second.", () => counters.stalls);
  total("dropped_records", "Media given up because the disk took nothing for too long.", () =>
    runs().reduce((sum, run) => sum + run.dropped, 0),
  );
  gauge("fsync_milliseconds", "Duration of the last heartbeat's syncs.", () =>
    Math.max(0, ...runs().map(({ syncMs }) => syncMs)),
  );
  gauge("open_runs", "Runs being written.", () => runs().length);
  gauge("held_bytes", "Bytes in memory that the disk did not take yet.", () =>
    runs().reduce((sum, run) => sum + run.heldBytes, 0),
  );
  gauge("seconds_since_durable", "Age of the oldest run's last durable moment.", () =>
    Math.max(0, ...runs().map((run) => (nowUs() - run.durableAtUs) / 1_000_000)),
  );
  gauge("spool_free_bytes", "Free space where the spool lies.", () => capture.reserve.freeBytes ?? 0);
  gauge("reserve_held", "1 while the reserve for a full disk is held.", () => Number(capture.reserve.held));
  gauge("pictures_left_out", "1 while cameras and screens are left out, so that sound is safe.", () =>
    Number(capture.giveWay.because !== undefined),
  );
  total("pictures_gave_way", "Times that cameras and screens began to be left out.", () => capture.giveWay.times);
  gauge("linked", "1 while the sfu's tap socket is up.", () => Number(capture.linked));
}
