import { createEventClient } from "@verbatim/hands/event-client";
import { runProcess } from "@verbatim/hands/lifecycle";
import { createLog } from "@verbatim/hands/log";
import { startOps } from "@verbatim/hands/ops";
import { serviceOf } from "@verbatim/hands/speech-env";
import { readConfig } from "./scribe/config.ts";
import { registerMetrics } from "./scribe/metrics.ts";
import { createScribe } from "./scribe/scribe.ts";
import { chooseEngine } from "./speech/choose-engine.ts";

const config = readConfig(process.env);
const log = createLog("scribe", config.logLevel);

await runProcess(log, 4_000, async (signal) => {
  const events = createEventClient({
    url: config.apiUrl,
    secret: config.serviceSecret,
    from: "scribe",
    speech: serviceOf(config.speech),
    log,
    signal,
  });
  const engine = chooseEngine(config.speech);
  await using ops = await startOps({ port: config.opsPort, log, ready: () => events.connected });
  const counters = registerMetrics(ops.metrics, () => scribe);
  const scribe = createScribe({
    spoolDir: config.spoolDir,
    engine,
    events,
    counters,
    log,
    now: () => performance.now(),
    random: Math.random,
  });
  log.info("scribe.started", { opsPort: ops.port, engine: engine?.name ?? "none" });
  await scribe.run(signal);
});
