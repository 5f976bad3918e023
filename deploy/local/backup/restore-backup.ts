import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { z } from "zod";
import { createLog } from "@verbatim/hands/log";
import { openStore, type StoreConfig } from "@verbatim/hands/store/open";
import { type Contents, type BackupFile, readContents } from "./contents.ts";
import { hashFile } from "./hashed-file.ts";
import { loadDatabase } from "./load-database.ts";
import { copyIn, isHeld, objectsOf } from "./objects.ts";
import { appliedMigrations, knownMigrations, refuseNewer, standing } from "./versions.ts";

export type RestoreOptions = {
  readonly source: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** Brings the empty database to this migration. */
  readonly migrateTo: (name: string) => Promise<void>;
  readonly store: StoreConfig;
  readonly spoolDir: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

export type Restored = {
  readonly contents: Contents;
  /** Keys of objects that could not be had. */
  readonly missing: string[];
};

/** While this file stands in a DATA_DIR, what lies there is half a restore. */
const MARKER = "restore-unfinished.json";
/** Stands in the database as long as the marker stands on the disk, with the same token. */
const TOKEN_TABLE = "public.verbatim_restoring";
const Marker = z.object({ source: z.string(), token: z.uuid() });

/** Throws where a restore was interrupted: a start on half of the data would be taken for all of it. */
export async function assertNoHalfRestore(dataDir: string): Promise<void> {
  const interrupted = await readMarker(path.join(dataDir, MARKER));
  if (!interrupted) return;
  throw new Error(`A restore into ${dataDir} was interrupted. Run it again: npm run restore -- ${interrupted.source}`);
}

/** Refuses before anything is touched: a backup that is not whole or too new, or a place that holds something already. */
export async function checkRestore(options: Pick<RestoreOptions, "source" | "dataDir" | "spoolDir">): Promise<void> {
  const contents = await readContents(options.source);
  const stands = standing(contents.migrations, await knownMigrations());
  if (stands.type === "newer") throw refuseNewer(`The database in ${options.source}`, stands.unknown);
  if (existsSync(path.join(options.dataDir, MARKER))) return;
  for (const place of [
    path.join(options.dataDir, "postgres"),
    path.join(options.dataDir, "secrets"),
    options.spoolDir,
  ]) {
    if ((await readdir(place).catch(() => [])).length > 0) {
      throw new Error(
        `${place} is not empty: a restore needs an empty machine. Name another place with DATA_DIR, or move ${options.dataDir} away.`,
      );
    }
  }
}

/**
 * Puts a backup into an empty installation: every file is hashed before it counts. Interrupted, it can be run again,
 * and nothing starts on what it left. Call `checkRestore` first.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { source, dataDir, signal } = options;
  const contents = await readContents(source);
  const marker = path.join(dataDir, MARKER);
  await takeDatabase(options.databaseUrl, marker, source);

  for (const file of [...contents.files, ...contents.tables.map((table) => table.file), contents.store.list]) {
    await assertWhole(source, file);
  }
  await options.migrateTo(contents.migrations.at(-1) ?? "");
  await loadDatabase({ url: options.databaseUrl, folder: source, tables: contents.tables, signal });
  for (const file of contents.files) {
    const [kind = "", ...rest] = file.path.split("/");
    const to = path.join(kind === "spool" ? options.spoolDir : path.join(dataDir, "secrets"), ...rest);
    await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
    await copyFile(path.join(source, file.path), to);
  }
  const missing = await restoreObjects(options, contents);
  await withClient(options.databaseUrl, (client) => client.query(`drop table ${TOKEN_TABLE}`));
  await rm(marker);
  return { contents, missing };
}

async function restoreObjects(options: RestoreOptions, contents: Contents): Promise<string[]> {
  const store = await openStore(options.store, createLog("restore", "error"));
  const known = new Set(contents.store.faulty);
  const missing: string[] = [];
  let done = 0;
  for await (const object of objectsOf(options.source, contents.store.list.path)) {
    options.signal.throwIfAborted();
    done += 1;
    if (done % 1_000 === 0) options.say(`${done} of ${contents.store.objects} objects of the store …`);
    const good =
      !known.has(object.key) &&
      (contents.store.kind === "copied"
        ? await copyIn(store, object, options.source, options.signal)
        : await isHeld(store, object));
    if (!good) missing.push(object.key);
  }
  return missing;
}

async function assertWhole(folder: string, file: BackupFile): Promise<void> {
  const found = await hashFile(path.join(folder, file.path));
  if (found.sha256 !== file.sha256 || found.bytes !== file.bytes) {
    throw new Error(`${path.join(folder, file.path)} is not what it was when the backup was made: its hash differs.`);
  }
}

/**
 * Takes an empty database for this restore. One that is not empty is emptied only when it carries the token of the
 * very restore that was interrupted: another database under the same command is never touched.
 */
async function takeDatabase(url: string, marker: string, source: string): Promise<void> {
  const interrupted = await readMarker(marker);
  await withClient(url, async (client) => {
    const empty = standing(await appliedMigrations(client), []).type === "empty";
    if (!empty && (interrupted === undefined || (await tokenOf(client)) !== interrupted.token)) {
      throw new Error("The database holds a Verbatim already: a restore needs an empty one.");
    }
    const token = interrupted?.token ?? randomUUID();
    const lines: z.input<typeof Marker> = { source: path.resolve(source), token };
    await writeFile(marker, JSON.stringify(lines), { flush: true });
    await client.query(`drop schema if exists verbatim, auth, pgboss cascade;
      drop table if exists public.verbatim_migration; drop table if exists ${TOKEN_TABLE};
      create table ${TOKEN_TABLE} (token text not null); insert into ${TOKEN_TABLE} values ('${token}')`);
  });
}

async function tokenOf(client: pg.Client): Promise<string | undefined> {
  const there = await client.query<{ there: boolean }>(`select to_regclass('${TOKEN_TABLE}') is not null as there`);
  if (!there.rows[0]?.there) return undefined;
  return (await client.query<{ token: string }>(`select token from ${TOKEN_TABLE}`)).rows[0]?.token;
}

async function readMarker(marker: string): Promise<z.infer<typeof Marker> | undefined> {
  const text = await readFile(marker, "utf8").catch(() => undefined); // None: no restore is unfinished.
  return text === undefined ? undefined : Marker.parse(JSON.parse(text));
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: "verbatim-restore" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
