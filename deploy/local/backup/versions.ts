import { readdir } from "node:fs/promises";
import path from "node:path";
import type pg from "pg";
import { root } from "../places.ts";

/** How a database's migrations and this program's stand to each other. */
export type Standing =
  | { readonly type: "empty" }
  | { readonly type: "same" }
  /** It would be changed by a start. */
  | { readonly type: "older"; readonly pending: readonly string[] }
  /** A newer program changed it: this one does not know how to read it. */
  | { readonly type: "newer"; readonly unknown: readonly string[] };

export function standing(applied: readonly string[], known: readonly string[]): Standing {
  if (applied.length === 0) return { type: "empty" };
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) return { type: "newer", unknown };
  const pending = known.filter((name) => !applied.includes(name));
  return pending.length > 0 ? { type: "older", pending } : { type: "same" };
}

/** What an operator reads when the program is older than its data. */
export function refuseNewer(what: string, unknown: readonly string[]): Error {
  return new Error(
    `${what} was changed by a newer Verbatim (${unknown.join(", ")}), and this one is older: nothing was touched. ` +
      `Start the newer program again, or restore the backup that it made before it changed the database ` +
      `(docs/operating.md, Upgrade).`,
  );
}

/** Names of this program's migrations, in order. */
export async function knownMigrations(): Promise<string[]> {
  const files = await readdir(path.join(root, "api", "migrations"));
  return files
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .toSorted();
}

/** Names that the database was brought through, in order; empty for one that Verbatim never saw. */
export async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const there = await client.query<{ there: boolean }>(
    "select to_regclass('public.verbatim_migration') is not null as there",
  );
  if (!there.rows[0]?.there) return [];
  const applied = await client.query<{ name: string }>("select name from public.verbatim_migration order by id");
  return applied.rows.map(({ name }) => name);
}
