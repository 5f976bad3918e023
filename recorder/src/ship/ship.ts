import { readdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@verbatim/hands/log";
import type { RecordingControl } from "@verbatim/shared/recording/control";
import { type FoundRun, watchRuns } from "../spool/runs.ts";
import { createPictureTurns } from "./picture-turns.ts";
import { createRunShipper, type RunShipper, type ShipDeps } from "./run-shipper.ts";

export type ShipOptions = Omit<ShipDeps, "counters" | "turns"> & {
  readonly spoolDir: string;
  readonly tickMs?: number;
};

export type Ship = {
  /** Ships every run until the signal aborts, then finishes what is due, for `flushMs` at most. */
  run(signal: AbortSignal, flushMs?: number): Promise<void>;
  readonly runs: readonly RunShipper[];
  readonly counters: ShipDeps["counters"];
};

type Run = {
  readonly found: FoundRun;
  shipper: RunShipper | undefined;
  /** When to read it anew, after a failure. */
  againAt: number;
  removing: Promise<void> | undefined;
};

const TICK_MS = 1_000;
/** Between ticks one fstat per run. */
const PEEK_MS = 200;
const FLUSH_MS = 3_000;
const FLUSH_TICK_MS = 100;
/** A run that failed is read anew after this. */
const AGAIN_MS = 5_000;
const DELETED = ".deleted-";

/** Everything ship does. One look per second for all runs, and a glance at their control logs in between; each run stores its chunks on its own, so none waits for another. */
export function createShip(options: ShipOptions): Ship {
  const { spoolDir, log, tickMs = TICK_MS } = options;
  const counters = { stored: 0, failed: 0, late: 0 };
  const soundWaits = (): boolean => [...runs.values()].some(({ shipper }) => (shipper?.backlog ?? 0) > 0);
  const deps: ShipDeps = { ...options, counters, turns: createPictureTurns(soundWaits) };
  const watch = watchRuns(spoolDir);
  const runs = new Map<string, Run>();

  const newestControl = (recordingId: string): RecordingControl | undefined => {
    const controls = [...runs.values()].flatMap(({ shipper }) =>
      shipper?.recordingId === recordingId && shipper.control ? [shipper.control] : [],
    );
    return controls.toSorted((a, b) => lastRevision(a) - lastRevision(b)).at(-1);
  };

  const tick = async (now: number): Promise<void> => {
    const { found, gone } = watch.look();
    for (const run of found) {
      runs.set(run.dir, { found: run, shipper: undefined, againAt: 0, removing: undefined });
    }
    for (const dir of gone) await forget(dir);
    for (const [dir, run] of runs) {
      if (run.removing) continue;
      if (!run.shipper && now >= run.againAt) {
        try {
          run.shipper = createRunShipper(run.found, deps);
        } catch (cause) {
          log.error("ship.run_not_opened", { runId: run.found.header.runId, cause });
          run.againAt = now + AGAIN_MS;
        }
      }
      run.shipper?.tick(newestControl(run.found.header.recordingId));
      if (run.shipper?.failure !== undefined) {
        log.error("ship.run_failed", { runId: run.found.header.runId, cause: run.shipper.failure });
        await run.shipper[Symbol.asyncDispose]();
        run.shipper = undefined;
        run.againAt = now + AGAIN_MS;
      }
      // Not awaited: the api's answer may take its time, and other runs go on.
      if (run.shipper?.finished) run.removing = remove(dir, run);
    }
  };

  const forget = async (dir: string): Promise<void> => {
    await runs.get(dir)?.shipper?.[Symbol.asyncDispose]();
    runs.delete(dir);
  };

  const remove = async (dir: string, run: Run): Promise<void> => {
    try {
      await run.shipper?.conclude();
      await run.shipper?.[Symbol.asyncDispose]();
      run.shipper = undefined;
      const deleted = join(dirname(dir), `${DELETED}${basename(dir)}`);
      // First out of every reader's sight, in one step; then away.
      await rename(dir, deleted);
      await rm(deleted, { recursive: true, force: true });
      log.info("ship.run_deleted", { run: basename(dir) });
    } catch (cause) {
      log.warn("ship.run_not_deleted", { run: basename(dir), cause });
      run.removing = undefined;
    }
  };

  const flush = async (flushMs: number): Promise<void> => {
    const end = performance.now() + flushMs;
    const busy = (): boolean =>
      [...runs.values()].some(({ shipper, removing }) => shipper && !removing && !shipper.idle);
    const running = (): boolean => [...runs.values()].some(({ shipper }) => shipper && !shipper.ended);
    // Half of the time for capture to end its runs, when both were asked to stop; all of it for what is due.
    for (let left = flushMs; left > 0; left = end - performance.now()) {
      await tick(performance.now());
      if (!busy() && (!running() || left < flushMs / 2)) return;
      await delay(Math.min(FLUSH_TICK_MS, left));
    }
  };

  return {
    counters,
    get runs() {
      return [...runs.values()].flatMap(({ shipper }) => (shipper ? [shipper] : []));
    },
    async run(signal, flushMs = FLUSH_MS) {
      await clearDeleted(spoolDir, log);
      for (let nextTick = 0; !signal.aborted; ) {
        const now = performance.now();
        if (now >= nextTick) {
          nextTick = now + tickMs;
          await tick(now);
        } else for (const { shipper } of runs.values()) shipper?.peek();
        const left = Math.max(0, Math.min(PEEK_MS, nextTick - performance.now()));
        await delay(left, undefined, { signal }).catch(() => undefined); // Told to stop.
      }
      await flush(flushMs);
      for (const dir of runs.keys()) await forget(dir);
    },
  };
}

const lastRevision = (control: RecordingControl): number => control.transitions.at(-1)?.revision ?? 0;

/** Runs whose deletion was begun by a killed process. */
async function clearDeleted(spoolDir: string, log: Log): Promise<void> {
  const folders = (dir: string): string[] => {
    try {
      return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    } catch {
      return []; // Not made yet: capture makes it.
    }
  };
  for (const instance of folders(spoolDir)) {
    for (const name of folders(join(spoolDir, instance)).filter((folder) => folder.startsWith(DELETED))) {
      await rm(join(spoolDir, instance, name), { recursive: true, force: true });
      log.info("ship.run_deleted", { run: name.slice(DELETED.length) });
    }
  }
}
