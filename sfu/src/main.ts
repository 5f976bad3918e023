import { availableParallelism } from "node:os";
import { aborted, runProcess } from "@verbatim/hands/lifecycle";
import { createLog } from "@verbatim/hands/log";
import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { type Config, readConfig } from "./config.ts";
import { startSfu } from "./start.ts";

/** From a signal to the end; browsers are told to come back, so nothing has to be waited for. */
const GRACE_MS = 3_000;

function configured(): Config {
  try {
    return readConfig(process.env, availableParallelism());
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exit(1);
  }
}

const config = configured();
const log = createLog("sfu", config.logLevel);
const clock = { bootId: bootId(), us: monotonicUs, utcMs: () => Date.now() };

await runProcess(log, GRACE_MS, async (signal) => {
  await using _sfu = await startSfu(config, { log, clock });
  await aborted(signal);
  log.info("sfu.draining");
});
