import { createEventClient } from "@verbatim/hands/event-client";
import { aborted, runProcess } from "@verbatim/hands/lifecycle";
import { createLog } from "@verbatim/hands/log";
import { startOps } from "@verbatim/hands/ops";
import { openStore } from "@verbatim/hands/store/open";
import { readConfig } from "./assemble/config.ts";
import { createJobRunner } from "./assemble/job.ts";
import { createPreparations } from "./assemble/preparations.ts";
import { clearWorkFolders } from "./assemble/work-folder.ts";
import { startWorker } from "./assemble/worker.ts";

const config = readConfig(process.env);
const log = createLog("assembler", config.logLevel);

await runProcess(log, 6_000, async (signal) => {
  await clearWorkFolders(config.workFolder);
  const store = await openStore(config.store, log);
  const events = createEventClient({
    url: config.apiUrl,
    secret: config.serviceSecret,
    from: "assembler",
    log,
    signal,
  });
  const { serviceSecret: secret, workFolder } = config;
  await using preparations = createPreparations({ store, secret, workFolder, log, now: () => performance.now() });
  const run = createJobRunner({
    store,
    secret,
    workFolder,
    preparations,
    log,
    send: (event) => events.send(event),
    now: () => performance.now(),
  });
  await using worker = await startWorker({
    databaseUrl: config.databaseUrl,
    run,
    prepare: (payload, jobSignal) => preparations.extend(payload, jobSignal),
    log,
    signal,
  });
  await using ops = await startOps({
    port: config.opsPort,
    log,
    ready: async () => events.connected && (await worker.hasQueue()),
  });
  log.info("assembler.started", { opsPort: ops.port, store: config.store.kind });
  await aborted(signal);
});
