import { readdir, readFile, statfs } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import { z } from "zod";
import type { Status } from "@verbatim/shared/api/status";
import type { Store } from "@verbatim/hands/store/store";
import type { Admission } from "../calls/admission.ts";
import type { Config } from "../config.ts";
import type { SpeechService } from "@verbatim/shared/speech/service";
import type { Database } from "../database/database.ts";
import { diskLeft } from "./disk-hours.ts";
import { encryptionOf } from "./encryption-of.ts";
import { probeProcesses } from "./probe-processes.ts";

export type StatusOf = () => Promise<Status>;

/** Nothing lies under it: that it is not there is an answer too. */
const NOWHERE = "probe/nowhere";
const STORE_ANSWER_MS = 5_000;

/** Looks at the whole installation, at each question anew; of several who ask at once one looks for all. */
export function createStatus(deps: {
  readonly config: Config;
  readonly speech: () => SpeechService;
  readonly database: Database;
  readonly store: Store;
  readonly admission: Admission;
  readonly most: number;
  readonly nowMs: () => number;
}): StatusOf {
  const { config, nowMs } = deps;
  let looking: Promise<Status> | undefined;

  const look = async (): Promise<Status> => {
    const [processes, calls, database, store, disk, encryption, version] = await Promise.all([
      probeProcesses(config.status.processes, nowMs),
      deps.admission.count(),
      databaseNow(deps.database),
      storeNow(deps),
      storeDisk(config),
      encryptionNow(config),
      programVersion(),
    ]);
    const of = (process: string, metric: string): number | null =>
      processes.find(({ name }) => name === process)?.metrics.get(metric) ?? null;
    const spoolFree = of("capture", "capture_spool_free_bytes");
    return {
      atMs: nowMs(),
      version,
      processes: processes.map(({ name, state, runningForS, memoryBytes }) => ({
        name,
        state,
        runningForS,
        memoryBytes,
      })),
      calls: { ...calls, most: deps.most },
      database,
      store: { ...store, waitingChunks: of("ship", "ship_backlog_chunks") },
      speech: { engine: deps.speech().engine, waitingS: of("scribe", "scribe_backlog_seconds") },
      disk: {
        store: disk,
        // 0 before capture has looked for the first time.
        spool: spoolFree ? diskLeft("spool", spoolFree) : null,
      },
      encryption,
    };
  };

  return () => (looking ??= look().finally(() => (looking = undefined)));
}

async function databaseNow(database: Database): Promise<Status["database"]> {
  const began = performance.now();
  const { rows } = await database.system((trx) =>
    sql<{ version: string; bytes: number }>`
      select current_setting('server_version') as version, pg_database_size(current_database())::float8 as bytes`.execute(
      trx,
    ),
  );
  const answeredInMs = Math.round((performance.now() - began) * 10) / 10;
  const [row] = rows;
  return { answeredInMs, version: row?.version ?? "", bytes: Number(row?.bytes ?? 0) };
}

async function storeNow({ config, store }: Pick<Parameters<typeof createStatus>[0], "config" | "store">) {
  const { store: where } = config;
  const began = performance.now();
  const answered = await Promise.race([
    store.head(NOWHERE).then(
      () => true,
      () => false, // Ship's log says what does not work.
    ),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), STORE_ANSWER_MS).unref()),
  ]);
  return {
    kind: where.kind,
    place: where.kind === "disk" ? where.root : `${where.s3.bucket}/${where.s3.prefix}`,
    answeredInMs: answered ? Math.round((performance.now() - began) * 10) / 10 : null,
  };
}

async function storeDisk({ store }: Config): Promise<Status["disk"]["store"]> {
  if (store.kind !== "disk") return null;
  try {
    const disk = await statfs(store.root);
    return diskLeft("store", disk.bavail * disk.bsize);
  } catch {
    return null; // The folder is away; the store's own line says that it does not answer.
  }
}

async function encryptionNow({ store, status }: Config): Promise<Status["encryption"]> {
  return [
    {
      place: "store",
      state: store.kind === "disk" ? await encryptionOf(store.root) : store.s3.sse === undefined ? "unknown" : "yes",
    },
    { place: "spool", state: await encryptionOf(status.spoolDir) },
    { place: "database", state: await encryptionOf(status.postgresDir) },
  ];
}

const root = path.join(import.meta.dirname, "../../..");

async function programVersion(): Promise<Status["version"]> {
  const text = await readFile(path.join(root, "package.json"), "utf8");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(text));
  const migrations = await readdir(path.join(root, "api", "migrations"));
  const last = migrations
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .at(-1);
  return { program: version, schema: path.basename(last ?? "", ".sql"), node: process.versions.node };
}
