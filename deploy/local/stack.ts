import { chmod, mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { signal } from "@verbatim/hands/process/alive";
import { beforeMigrating } from "./backup/before-migrating.ts";
import { assertNoHalfRestore } from "./backup/restore-backup.ts";
import { claimDataDir } from "./claim.ts";
import { type Database, migrate, startDatabase } from "./database.ts";
import { keepLogsSmall } from "./log-files.ts";
import { assertFree, type Ports } from "./ports.ts";
import { endLeftovers, openProcessList } from "./process-list.ts";
import { type Env, type ProcessName, processTable, publicUrl, type Settings } from "./processes.ts";
import { createProgress, type Progress } from "./progress.ts";
import { END_WITHIN_MS, runProcesses } from "./run-processes.ts";
import { secrets } from "./secrets.ts";

export type StackOptions = {
  /** What an operator may set, as in deploy/env/example.env; ports, DATA_DIR and secrets are filled in here. */
  readonly env: Env;
  readonly dataDir: string;
  readonly ports: Ports;
  readonly workerBin: string;
  readonly offlineSpeech: boolean;
  /** One line for the person at the terminal: a step, a death, a restart. */
  readonly onLine?: (line: string) => void;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
};

export type Stack = AsyncDisposable & {
  readonly urls: {
    readonly public: string;
    readonly apiInternal: string;
    readonly sfuInternal: string;
    readonly database: string;
  };
  /** The secrets that this stack runs with. */
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Settings;
  pid(name: ProcessName): number | undefined;
  /** Every process of the stack, by name, that runs now; what they started themselves is below these. */
  pids(): ReadonlyMap<string, number>;
  kill(name: ProcessName, signal: NodeJS.Signals): void;
  logFile(name: ProcessName | "postgres"): string;
  /** Ends everything: flushes, at most 5 s, Postgres last. */
  stop(): Promise<void>;
};

/**
 * From the request to the end of PostgreSQL, which gets what is left when the processes have ended, and 0.7 s at least.
 * Measured with every process and PostgreSQL stopped by SIGSTOP: 4.35 s (n = 3).
 */
export const STOP_WITHIN_MS = END_WITHIN_MS + 700;

/** Starts a whole product on a DATA_DIR of its own and resolves when every process is ready. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, ports } = options;
  const progress = options.progress ?? createProgress(Date.now(), options.onLine ?? (() => undefined));
  const mediaWorkers = mediaWorkersOf(options.env);
  await using starting = new AsyncDisposableStack();

  await assertNoHalfRestore(dataDir);
  await makeFolders(dataDir);
  starting.use(await claimDataDir(dataDir, publicUrl(options)));
  const left = await endLeftovers(dataDir);
  if (left.length > 0) progress.say(`Ended what a killed start had left running: ${left.join(", ")}.`);
  // A left-over Postgres of our own may hold its port: starting Postgres ends that one first, and checks then.
  await assertFree(ports, mediaWorkers, options.offlineSpeech ? ["postgres", "lan"] : ["postgres", "speech", "lan"]);
  starting.use(await keepLogsSmall(path.join(dataDir, "logs")));

  const own = await secrets(dataDir, options.env);
  let stopBy: number | undefined;
  const database = starting.adopt(
    await progress.step("Starting PostgreSQL", () => startDatabase({ ...options, say: (line) => progress.say(line) })),
    (server: Database) => server.stop(stopBy && Math.max(0, stopBy - performance.now())),
  );
  const settings: Settings = {
    ...options,
    env: {
      ...options.env,
      ...own,
      DATABASE_URL: database.url,
      // Where somebody else's database keeps its files nobody here knows.
      ...(options.env["DATABASE_URL"] ? {} : { POSTGRES_DIR: path.join(dataDir, "postgres") }),
    },
    mediaWorkers,
  };
  await beforeMigrating({ ...options, env: settings.env, databaseUrl: database.url, progress });
  await progress.step("Migrating the database", () => migrate(settings, options.signal));

  const list = openProcessList(dataDir);
  starting.defer(() => list.clear());
  const running = starting.use(runProcesses(processTable(settings), { list, say: (line) => progress.say(line) }));
  starting.defer(() => {
    stopBy = performance.now() + STOP_WITHIN_MS; // Released last in, first out: this is when the end begins.
  });
  await progress.step("Starting the processes", () => running.untilReady(options.signal));

  const owned = starting.move();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= owned.disposeAsync());
  return {
    urls: {
      public: publicUrl(settings),
      apiInternal: `http://127.0.0.1:${ports.apiInternal}`,
      sfuInternal: `http://127.0.0.1:${ports.sfuInternal}`,
      database: database.url,
    },
    env: own,
    settings,
    pid: (name) => running.pids().get(name),
    pids: () => running.pids(),
    kill(name, which) {
      const pid = running.pids().get(name);
      if (pid === undefined || !signal(pid, which)) throw new Error(`${name} does not run now`);
    },
    logFile: (name) => path.join(dataDir, "logs", `${name}.log`),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** How many media workers, and with them media ports, a stack of this environment has. */
export function mediaWorkersOf(env: Env): number {
  return Number(env["SFU_WORKERS"] || availableParallelism());
}

async function makeFolders(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  for (const name of ["store", "spool", "secrets", "logs", "run"]) {
    const folder = path.join(dataDir, name);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
  }
}
