import { randomUUID } from "node:crypto";
import { RunId } from "@verbatim/shared/ids";
import { aborted, runProcess } from "@verbatim/hands/lifecycle";
import { createLog } from "@verbatim/hands/log";
import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { signServiceToken } from "@verbatim/hands/service-token";
import { startCapture } from "./capture.ts";
import { readConfig } from "./config.ts";
import { lockInstance } from "./instance-lock.ts";

const GRACE_MS = 2_000;

/** The capture process from its environment to its end. */
export async function runCapture(
  env: Readonly<Record<string, string | undefined>>,
  onStarted: () => void,
): Promise<void> {
  const config = readConfig(env);
  const log = createLog("capture", config.logLevel).with({ instance: config.instance });
  await runProcess(log, GRACE_MS, async (signal) => {
    await using owned = new AsyncDisposableStack();
    owned.use(lockInstance(config.spoolDir, config.instance));
    const capture = owned.use(
      await startCapture({
        spoolDir: config.spoolDir,
        instance: config.instance,
        sfuUrl: config.sfuUrl,
        token: () => signServiceToken(config.serviceSecret, "tap", config.instance),
        nowUs: monotonicUs,
        utcMs: Date.now,
        bootId: bootId(),
        random: Math.random,
        newRunId: () => RunId.parse(randomUUID()),
        log,
      }),
    );
    // Loaded only now: metrics take a third of all loading, and nobody hears a metric that is late.
    const { startOps } = await import("@verbatim/hands/ops");
    const { registerMetrics } = await import("./metrics.ts");
    const ops = owned.use(await startOps({ port: config.opsPort, log, ready: () => capture.linked }));
    registerMetrics(ops.metrics, capture, monotonicUs);
    log.info("capture.started", { opsPort: ops.port });
    onStarted();
    await aborted(signal);
  });
}
