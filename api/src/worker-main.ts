import { aborted, runProcess } from "@verbatim/hands/lifecycle";
import { createLog } from "@verbatim/hands/log";
import { openStore } from "@verbatim/hands/store/open";
import { readConfig } from "./config.ts";
import { startWorker } from "./start-worker.ts";

const config = readConfig(process.env);
const log = createLog("worker", config.logLevel);
await runProcess(log, config.graceMs, async (signal) => {
  await using worker = await startWorker({ config, log, store: await openStore(config.store, log) });
  log.info("worker.ready", { port: worker.port });
  await aborted(signal);
});
