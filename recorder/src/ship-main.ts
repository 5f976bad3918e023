import { aborted, runProcess } from "@verbatim/hands/lifecycle";
import { createEventClient } from "@verbatim/hands/event-client";
import { createLog } from "@verbatim/hands/log";
import { startOps } from "@verbatim/hands/ops";
import { openStore } from "@verbatim/hands/store/open";
import { openLibopus } from "./opus/libopus.ts";
import { readConfig } from "./ship/config.ts";
import { registerMetrics } from "./ship/metrics.ts";
import { createShip } from "./ship/ship.ts";
import { watchStore } from "./ship/watch-store.ts";

const config = readConfig(process.env);
const log = createLog("ship", config.logLevel);

await runProcess(log, 4_500, async (signal) => {
  const store = await openStore(config.store, log);
  // Its own end, after the last chunk was announced.
  const eventsEnd = new AbortController();
  const events = createEventClient({
    url: config.apiUrl,
    secret: config.serviceSecret,
    from: "ship",
    log,
    signal: eventsEnd.signal,
  });
  const ship = createShip({
    spoolDir: config.spoolDir,
    store,
    events,
    opus: await openLibopus(),
    log,
    random: Math.random,
    utcMs: Date.now,
  });
  const storeWatch = watchStore({ store, counters: ship.counters, log, signal, nowMs: () => performance.now() });
  await using ops = await startOps({ port: config.opsPort, log, ready: () => storeWatch.usable });
  registerMetrics(ops.metrics, ship, () => storeWatch.usable);
  log.info("ship.started", { opsPort: ops.port, store: config.store.kind });
  // Serves its metrics until it has flushed.
  await ship.run(signal);
  await aborted(signal);
  eventsEnd.abort();
});
