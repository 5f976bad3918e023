import type { Log } from "./log.ts";

/**
 * Runs a process until SIGINT, SIGTERM or `signal.abort()`, then lets `main` clean up within `graceMs`.
 * A failure that nobody caught ends the process with a line in the log: the starter begins it again,
 * and everything that matters is on disk.
 */
export async function runProcess(
  log: Log,
  graceMs: number,
  main: (signal: AbortSignal, stop: AbortController) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const exit = (code: number): void => {
    process.exitCode = code;
    process.exit();
  };
  const onSignal = (): void => {
    stop.abort();
    setTimeout(() => {
      log.error("process.stop_timed_out", { graceMs });
      exit(1);
    }, graceMs).unref();
  };
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  const fatal = (cause: unknown): void => {
    log.error("process.failed", { cause });
    exit(1);
  };
  process.on("uncaughtException", fatal);
  process.on("unhandledRejection", fatal);
  try {
    await main(stop.signal, stop);
    log.info("process.ended");
    exit(0);
  } catch (cause) {
    fatal(cause);
  }
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
