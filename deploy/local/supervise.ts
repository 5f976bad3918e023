import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { signal } from "@verbatim/hands/process/alive";

export type ProcessSpec = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Its stdout and stderr are this file itself: a busy or dead starter never holds up a process that logs. */
  readonly logFile: string;
};

export type Supervised = {
  readonly name: string;
  /** Absent for the moment between a death and the next start. */
  pid(): number | undefined;
  /** Times in a row that it ended soon after its start. */
  quickDeaths(): number;
  /** Ends it: SIGTERM and no restart; resolves when it is gone. */
  end(): Promise<void>;
  /** Ends it and everything it started, now. */
  kill(): void;
};

/** A process that ran this long was well, and its next restart is at once again. */
const WELL_AFTER_MS = 10_000;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5_000;

/** How long to wait before the next start, after this many quick deaths in a row (the first counts as 1). */
export function restartDelay(quickDeaths: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** Math.max(0, quickDeaths - 1), LONGEST_DELAY_MS);
}

/** Runs a process and starts it again whenever it dies, until it is told to end. */
export function supervise(
  spec: ProcessSpec,
  hooks: {
    readonly onStart: (pid: number) => void;
    readonly onDeath: (pid: number, how: string, quickDeaths: number) => void;
  },
): Supervised {
  const ending = new AbortController();
  let child: ChildProcess | undefined;
  let quickDeaths = 0;

  const gone = (async () => {
    while (!ending.signal.aborted) {
      const began = performance.now();
      child = begin(spec);
      const { pid } = child;
      const ended = once(child, "exit").catch((thrown: unknown) => [String(thrown), null]);
      if (pid !== undefined) hooks.onStart(pid);
      const [code, name] = await ended;
      // What it had started may hold its ports: the next one needs them.
      if (pid !== undefined) signal(-pid, "SIGKILL");
      child = undefined;
      quickDeaths = performance.now() - began < WELL_AFTER_MS ? quickDeaths + 1 : 1;
      hooks.onDeath(pid ?? 0, String(name ?? code), quickDeaths);
      await delay(restartDelay(quickDeaths), undefined, { signal: ending.signal }).catch(() => undefined); // Told to end.
    }
  })();

  return {
    name: spec.name,
    pid: () => child?.pid,
    quickDeaths: () => quickDeaths,
    async end() {
      ending.abort();
      if (child?.pid !== undefined) signal(child.pid, "SIGTERM");
      await gone;
    },
    kill() {
      if (child?.pid !== undefined) signal(-child.pid, "SIGKILL");
    },
  };
}

function begin(spec: ProcessSpec): ChildProcess {
  const log = openSync(spec.logFile, "a");
  try {
    // A group of its own: Ctrl-C in a terminal reaches only the starter, which ends everything in order.
    return spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      stdio: ["ignore", log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}
