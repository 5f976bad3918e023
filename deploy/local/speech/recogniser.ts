import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@verbatim/hands/log";

export type Recogniser = AsyncDisposable & {
  /** False while the native process is being started again after a death. */
  ready(): boolean;
  /** A fresh connection, which is a process of its own on the other side. */
  open(): Socket;
  /** Of the native process, for tests that kill it. */
  pid(): number | undefined;
};

const RESTART_MS = 200;

/**
 * Keeps the native recogniser running: one process that holds the speech model and forks itself for each stream, so that
 * decoding never holds up our event loop and a stream that dies takes nothing with it. Resolves when it is ready.
 */
export async function startRecogniser(options: {
  readonly program: string;
  readonly modelDir: string;
  readonly runDir: string;
  readonly log: Log;
}): Promise<Recogniser> {
  const { log } = options;
  const socketPath = path.join(options.runDir, `recognise-${process.pid}.sock`);
  const ending = new AbortController();
  let child: ChildProcess | undefined;
  let ready = false;

  async function begin(): Promise<ChildProcess> {
    // Its stdin is the leash: it ends when ours is gone, however we end.
    const started = spawn(options.program, [socketPath, options.modelDir], { stdio: ["pipe", "pipe", "inherit"] });
    child = started;
    const died = once(started, "exit", { signal: ending.signal });
    died.catch(() => undefined); // Heard below, or not needed any more.
    await Promise.race([
      once(started.stdout, "data"),
      died.then(([code, name]) => {
        throw new Error(`The recogniser ended before it was ready: ${String(name ?? code)}`);
      }),
    ]);
    ready = true;
    return started;
  }

  async function keep(first: ChildProcess): Promise<void> {
    let current: ChildProcess | undefined = first;
    while (!ending.signal.aborted) {
      if (current && current.exitCode === null && current.signalCode === null) await once(current, "exit");
      ready = false;
      if (ending.signal.aborted) return;
      log.warn("recogniser.ended", { code: current?.exitCode, signal: current?.signalCode });
      await delay(RESTART_MS);
      current = await begin().catch((cause: unknown) => {
        log.error("recogniser.not_started", { cause });
        return undefined;
      });
    }
  }

  const kept = keep(await begin());
  return {
    ready: () => ready,
    open: () => connect(socketPath),
    pid: () => child?.pid,
    async [Symbol.asyncDispose]() {
      ending.abort();
      child?.kill("SIGKILL");
      await kept;
      rmSync(socketPath, { force: true });
    },
  };
}
