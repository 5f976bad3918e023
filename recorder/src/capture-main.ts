import { randomUUID } from "node:crypto";
import { RunId } from "@verbatim/shared/ids";
import { aborted, runProcess } from "@verbatim/hands/lifecycle";
import { createLog } from "@verbatim/hands/log";
import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { startOps } from "@verbatim/hands/ops";
import { signServiceToken } from "@verbatim/hands/service-token";
import { startCapture } from "./capture/capture.ts";
import { readConfig } from "./capture/config.ts";
import { lockInstance } from "./capture/instance-lock.ts";
import { registerMetrics } from "./capture/metrics.ts";

const config = readConfig(process.env);
const log = createLog("capture", config.logLevel).with({ instance: config.instance });

await runProcess(log, 2_000, async (signal) => {
  await using owned = new AsyncDisposableStack();
  owned.use(lockInstance(config.spoolDir, config.instance));
  const capture = owned.use(
    await startCapture({
      spoolDir: config.spoolDir,
      instance: config.instance,
      sfuUrl: config.sfuUrl,
      token: () => signServiceToken(config.serviceSecret, "tap", config.instance),
      // Camera and screen are recorded by the same way once readers know what to do with them.
      kinds: ["audio"],
      nowUs: monotonicUs,
      utcMs: Date.now,
      bootId: bootId(),
      random: Math.random,
      newRunId: () => RunId.parse(randomUUID()),
      log,
    }),
  );
  const ops = owned.use(await startOps({ port: config.opsPort, log, ready: () => capture.linked }));
  registerMetrics(ops.metrics, capture, monotonicUs);
  log.info("capture.started", { opsPort: ops.port });
  await aborted(signal);
});
