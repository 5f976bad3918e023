import { readdir } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { runner } from "node-pg-migrate";
import { getMigrations } from "better-auth/db/migration";
import type { Log } from "@verbatim/hands/log";
import { authOptions } from "../accounts/auth-options.ts";
import { makeQueues } from "../jobs/queues.ts";
import { openPool } from "./pool.ts";

const migrations = path.join(import.meta.dirname, "../../migrations");

/**
 * Brings every schema to what this version needs: ours (`verbatim`), better-auth's (`auth`) and pg-boss's (`pgboss`).
 * Several at once are safe: one works while the others wait.
 */
export async function migrate(options: {
  readonly url: string;
  readonly log: Log;
  /** The last of our migrations to run, for rows of an older version that are loaded next. */
  readonly until?: string | undefined;
}): Promise<void> {
  const { url, log } = options;
  const client = new pg.Client({ connectionString: url, application_name: "verbatim-migrate" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('verbatim.migrate'))");
    await client.query("create schema if not exists verbatim; create schema if not exists auth");
    const known = await ourMigrations();
    await refuseNewer(client, known);
    const applied = await runner({
      ...(options.until === undefined ? {} : { count: known.indexOf(options.until) + 1 }),
      dbClient: client,
      dir: migrations,
      direction: "up",
      schema: "verbatim",
      migrationsSchema: "public",
      migrationsTable: "verbatim_migration",
      noLock: true,
      log: () => undefined,
    });
    log.info("migrate.ours", { applied: applied.map((each) => each.name) });
    await migrateAuth(url, log);
    await migrateJobs(url, log);
  } finally {
    await client.end(); // Gives the lock back.
  }
}

/** Names of the migrations of this version, in order. */
async function ourMigrations(): Promise<string[]> {
  const files = (await readdir(migrations)).filter((file) => file.endsWith(".sql"));
  return files.map((file) => path.basename(file, ".sql")).toSorted();
}

/** Throws when a newer version has changed this database: what it means by its rows, this one cannot know. */
async function refuseNewer(client: pg.Client, known: readonly string[]): Promise<void> {
  const table = await client.query<{ there: boolean }>(
    "select to_regclass('public.verbatim_migration') is not null as there",
  );
  if (!table.rows[0]?.there) return;
  const applied = await client.query<{ name: string }>("select name from public.verbatim_migration order by id");
  const unknown = applied.rows.map(({ name }) => name).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`The database was changed by a newer Verbatim (${unknown.join(", ")}); this one is older.`);
  }
}

async function migrateAuth(url: string, log: Log): Promise<void> {
  const pool = openPool({ url, schema: "auth", max: 2, log });
  try {
    // The secret signs cookies and has no part in the tables.
    const plan = await getMigrations(
      authOptions({ pool, secret: "not-used-by-migrations-00000000000", publicUrl: "" }),
    );
    await plan.runMigrations();
    log.info("migrate.auth", { created: plan.toBeCreated.map((each) => each.table) });
  } finally {
    await pool.end();
  }
}

async function migrateJobs(url: string, log: Log): Promise<void> {
  const boss = new PgBoss({ connectionString: url, schema: "pgboss", supervise: false, schedule: false, max: 2 });
  boss.on("error", (cause) => log.warn("migrate.jobs", { cause }));
  await boss.start();
  try {
    await makeQueues(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
}
