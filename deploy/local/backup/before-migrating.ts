import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import type { Env } from "../processes.ts";
import type { Progress } from "../progress.ts";
import { backupOf } from "./of-installation.ts";
import { appliedMigrations, knownMigrations, refuseNewer, standing } from "./versions.ts";

/** How many of these backups are kept: they are small, since objects are only listed. */
const KEPT = 5;

/**
 * What stands between a database and another version's program: refuses one that a newer program changed, and backs
 * one up that this program is about to change. Migrations touch no object of the store, so these are listed.
 */
export async function beforeMigrating(options: {
  readonly env: Env;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const stands = standing(await applied(options.databaseUrl), await knownMigrations());
  if (stands.type === "newer") throw refuseNewer("The database", stands.unknown);
  if (stands.type !== "older") return;
  const folder = path.join(options.dataDir, "backups");
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const target = path.join(folder, `${stamp}-before-${stands.pending[0]}`);
  await options.progress.step(`Backing the database up before it changes, into ${target}`, () =>
    backupOf({
      ...options,
      target,
      objects: "listed",
      say: options.progress.say,
      signal: options.signal ?? new AbortController().signal,
    }),
  );
  const kept = (await readdir(folder)).filter((name) => /^\d{8}T\d{6}Z-before-[^.]+$/.test(name)).toSorted();
  for (const name of kept.slice(0, -KEPT)) await rm(path.join(folder, name), { recursive: true, force: true });
}

async function applied(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: "verbatim-start" });
  await client.connect();
  try {
    return await appliedMigrations(client);
  } finally {
    await client.end();
  }
}
