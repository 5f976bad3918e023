import { createReadStream } from "node:fs";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { BackupFile, DumpedTable } from "./contents.ts";
import { writeHashed } from "./hashed-file.ts";
import { appliedMigrations } from "./versions.ts";

export type DumpedDatabase = {
  readonly migrations: string[];
  readonly tables: DumpedTable[];
  /** Every object that the rows of this dump name, one JSON line each. */
  readonly objects: BackupFile;
};

type Table = { schema: string; name: string; secured: boolean; columns: string[] };

/**
 * Every row of one moment, while the services go on writing: one read-only transaction that sees nothing later.
 * Queues are left out: what they hold is ordered again from the rows. `atSnapshot` runs in that moment.
 */
export async function dumpDatabase(options: {
  readonly url: string;
  readonly folder: string;
  readonly atSnapshot: () => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<DumpedDatabase> {
  const { url, folder, signal } = options;
  const client = new pg.Client({ connectionString: url, application_name: "verbatim-backup" });
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    const migrations = await appliedMigrations(client);
    await options.atSnapshot();
    const tables: DumpedTable[] = [];
    const write = async (name: string, select: string, secured: boolean): Promise<BackupFile> =>
      await writeHashed(folder, name, rowsOf(client, select, secured ? await tenantsToAsk(client) : ["all"]), signal);
    for (const { schema, name, secured, columns } of await tablesOf(client)) {
      const list = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
      const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
      const file = await write(`database/${schema}.${name}.copy`, `select ${list} from ${table}`, secured);
      tables.push({ schema, name, columns, rows: await countLines(folder, file), file });
    }
    return { migrations, tables, objects: await write("store.jsonl", OBJECTS, true) };
  } finally {
    await client.end();
  }
}

/** Chunks, manifests that were sent, and what assemblies made. COPY doubles backslashes; none of these texts has one. */
const OBJECTS = `
  select json_build_object('key', key, 'bytes', bytes, 'sha256', sha256) from (
    select key, bytes::bigint, sha256 from verbatim.chunk
    union
    select key, octet_length(content), encode(sha256(convert_to(content, 'UTF8')), 'hex')
    from verbatim.manifest where sent_at is not null
    union
    select file->>'key', (file->>'bytes')::bigint, file->>'sha256' from (
      select result->'master' as file from verbatim.assembly
      union all
      select jsonb_array_elements(result->'tracks')->'file' from verbatim.assembly
    ) as made
  ) as object`;

async function tablesOf(client: pg.Client): Promise<Table[]> {
  const found = await client.query<Table>(`
    select n.nspname as schema, c.relname as name, c.relforcerowsecurity as secured,
      array(select attname::text from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' order by attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('verbatim', 'auth')
    order by 1, 2`);
  return found.rows;
}

/** Row security binds an owner who is no superuser too: such a one reads tenant by tenant. */
async function tenantsToAsk(client: pg.Client): Promise<string[]> {
  const role = await client.query<{ free: boolean }>(
    "select rolsuper or rolbypassrls as free from pg_roles where rolname = current_user",
  );
  if (role.rows[0]?.free) return ["all"];
  return (await client.query<{ id: string }>("select id from verbatim.tenant order by id")).rows.map(({ id }) => id);
}

async function* rowsOf(client: pg.Client, select: string, tenants: readonly string[]): AsyncGenerator<Buffer> {
  for (const tenant of tenants) {
    if (tenant !== "all") await client.query("select set_config('app.tenant_id', $1, true)", [tenant]);
    for await (const piece of client.query(copyTo(`copy (${select}) to stdout`))) yield piece as Buffer;
  }
}

/** In COPY's text form a row is a line: a line feed inside a value is written as two characters. */
async function countLines(folder: string, file: BackupFile): Promise<number> {
  let lines = 0;
  for await (const piece of createReadStream(`${folder}/${file.path}`)) {
    for (const byte of piece as Buffer) if (byte === 10) lines += 1;
  }
  return lines;
}
