import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { eventually } from "./eventually.ts";

/** capture-main as a process of its own, as operators run it. */
export type CaptureProcess = AsyncDisposable & {
  readonly child: ChildProcess;
  readonly logLines: readonly string[];
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; answers its exit code. */
  terminate(): Promise<number | null>;
  /** The text of an ops path, once the process said where it listens. */
  ops(path: string): Promise<{ status: number; text: string }>;
};

export function startCaptureProcess(env: Readonly<Record<string, string>>): CaptureProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../src/capture-main.ts")], {
    env: { PATH: process.env["PATH"] ?? "", CAPTURE_OPS_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const logLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => logLines.push(...text.split("\n").filter(Boolean)));
  }
  const gone = once(child, "exit");
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
    return child.exitCode;
  };
  return {
    child,
    logLines,
    kill: async () => {
      await end("SIGKILL");
    },
    terminate: () => end("SIGTERM"),
    async ops(path) {
      const started = await eventually("capture says where it listens", () =>
        logLines.find((line) => line.includes("capture.started")),
      );
      const { opsPort } = JSON.parse(started) as { opsPort: number };
      const response = await fetch(`http://127.0.0.1:${opsPort}${path}`);
      return { status: response.status, text: await response.text() };
    },
    [Symbol.asyncDispose]: async () => {
      await end("SIGKILL");
    },
  };
}
