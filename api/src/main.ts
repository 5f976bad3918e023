import { aborted, runProcess } from "@verbatim/hands/lifecycle";
import { createLog } from "@verbatim/hands/log";
import { openStore } from "@verbatim/hands/store/open";
import { readConfig } from "./config.ts";
import { startApi } from "./start-api.ts";

const config = readConfig(process.env);
const log = createLog("api", config.logLevel);
await runProcess(log, config.graceMs, async (signal) => {
  await using api = await startApi({ config, log, store: await openStore(config.store, log) });
  log.info("api.ready", { port: api.port });
  await aborted(signal);
});
