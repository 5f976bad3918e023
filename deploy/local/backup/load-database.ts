import { createReadStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { DumpedTable } from "./contents.ts";

/**
 * Puts dumped rows into a database whose tables are there and empty. All of them or none: one transaction, in which
 * row security does not bind the owner.
 */
export async function loadDatabase(options: {
  readonly url: string;
  readonly folder: string;
  readonly tables: readonly DumpedTable[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const client = new pg.Client({ connectionString: options.url, application_name: "verbatim-restore" });
  await client.connect();
  try {
    await client.query("begin");
    const parents = await parentsOf(client);
    const secured = await securedTables(client);
    for (const table of secured) await client.query(`alter table ${table} no force row level security`);
    for (const table of inOrder(options.tables, parents)) {
      const list = table.columns.map((column) => pg.escapeIdentifier(column)).join(", ");
      const into = client.query(copyFrom(`copy ${nameOf(table)} (${list}) from stdin`));
      await pipeline(createReadStream(path.join(options.folder, table.file.path)), into, { signal: options.signal });
      if (into.rowCount !== table.rows)
        throw new Error(`${nameOf(table)}: ${into.rowCount} rows of ${table.rows} arrived`);
      await advanceSequences(client, table);
    }
    // Queues are not part of a backup: what was under way is ordered again.
    await client.query("update verbatim.manifest set sent_at = null where finished_at is null");
    for (const table of secured) await client.query(`alter table ${table} force row level security`);
    await client.query("commit");
  } finally {
    await client.end();
  }
}

const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;

async function securedTables(client: pg.Client): Promise<string[]> {
  const found = await client.query<{ schema: string; name: string }>(
    "select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relforcerowsecurity",
  );
  return found.rows.map(nameOf);
}

/** By table, those that its rows refer to. */
async function parentsOf(client: pg.Client): Promise<Map<string, Set<string>>> {
  const found = await client.query<{
    child: { schema: string; name: string };
    parent: { schema: string; name: string };
  }>(`
    select json_build_object('schema', cn.nspname, 'name', c.relname) as child,
      json_build_object('schema', pn.nspname, 'name', p.relname) as parent
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
    join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
    where k.contype = 'f'`);
  const parents = new Map<string, Set<string>>();
  for (const { child, parent } of found.rows) {
    const of = parents.get(nameOf(child)) ?? new Set();
    parents.set(nameOf(child), of.add(nameOf(parent)));
  }
  return parents;
}

/** Parents before children. A circle, which our tables do not have, would be refused by the constraint itself. */
export function inOrder(
  tables: readonly DumpedTable[],
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): DumpedTable[] {
  const ordered: DumpedTable[] = [];
  const seen = new Set<string>();
  const visit = (table: DumpedTable): void => {
    if (seen.has(nameOf(table))) return;
    seen.add(nameOf(table));
    for (const parent of tables) if (parents.get(nameOf(table))?.has(nameOf(parent))) visit(parent);
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}

async function advanceSequences(client: pg.Client, table: DumpedTable): Promise<void> {
  for (const column of table.columns) {
    const found = await client.query<{ sequence: string | null }>("select pg_get_serial_sequence($1, $2) as sequence", [
      nameOf(table),
      column,
    ]);
    const sequence = found.rows[0]?.sequence;
    if (!sequence) continue;
    const last = `select max(${pg.escapeIdentifier(column)}) from ${nameOf(table)}`;
    await client.query(`select setval($1, greatest((${last}), 1), (${last}) is not null)`, [sequence]);
  }
}
