import { randomUUID } from "node:crypto";
import { createLog } from "@verbatim/hands/log";
import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { signServiceToken } from "@verbatim/hands/service-token";
import { RunId } from "@verbatim/shared/ids";
import { type Capture, type CaptureOptions, startCapture } from "../src/capture/capture.ts";

/** What every capture and its media server know, in tests. */
export const secret = "s".repeat(32);

/** Capture in the test's own process, where its clock and its disk can be changed. */
export const captureHere = (
  spoolDir: string,
  sfuUrl: string,
  changes: Partial<CaptureOptions> = {},
): Promise<Capture> =>
  startCapture({
    spoolDir,
    instance: "capture-1",
    sfuUrl,
    token: () => signServiceToken(secret, "tap", "capture-1"),
    nowUs: monotonicUs,
    utcMs: Date.now,
    bootId: bootId(),
    random: Math.random,
    newRunId: () => RunId.parse(randomUUID()),
    log: createLog("test", "silent"),
    reserveBytes: 1 << 20,
    ...changes,
  });
