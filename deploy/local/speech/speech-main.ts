import path from "node:path";
import { aborted, runProcess } from "@verbatim/hands/lifecycle";
import { createLog } from "@verbatim/hands/log";
import { dataDir } from "../places.ts";
import { buildRecogniser, MODEL_DIR } from "./build-recogniser.ts";
import { readConfig } from "./config.ts";
import { startListenServer } from "./listen-server.ts";
import { startRecogniser } from "./recogniser.ts";

/** Exit code when PocketSphinx, its model or a compiler is not installed: starting again would not help. */
const NOT_INSTALLED = 78;

const config = readConfig(process.env);
const log = createLog("speech", config.logLevel);
const folder = path.join(dataDir(process.env), "run");
const program = await buildRecogniser(folder).catch((thrown: unknown) => {
  const { message, cause } = thrown instanceof Error ? thrown : new Error(String(thrown));
  console.error(cause instanceof Error ? `${message}\n${cause.message}` : message);
  return process.exit(NOT_INSTALLED);
});

await runProcess(log, 5_000, async (signal) => {
  await using recogniser = await startRecogniser({ program, modelDir: MODEL_DIR, runDir: folder, log });
  await using server = await startListenServer({
    port: config.port,
    recogniser,
    limits: { streams: 16, silenceLimitMs: 10_000 },
    log,
  });
  log.info("process.ready", { port: server.port });
  await aborted(signal);
});
