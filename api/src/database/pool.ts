import pg from "pg";
import type { Log } from "@verbatim/hands/log";

// bigint columns hold positions, microseconds and counters, all far below 2^53; as strings they would be compared as text.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * A pool whose lost connections are a line in the log and never the end of the process: without a listener on the
 * pool and on each client, a restarted Postgres would be an uncaught `error` event.
 */
export function openPool(options: {
  readonly url: string;
  readonly schema: string;
  readonly max: number;
  /** Role taken on when a connection opens. */
  readonly role?: string;
  readonly log: Log;
}): pg.Pool {
  const { log, role } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    types,
    application_name: "verbatim",
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    options: `-c search_path=${options.schema} -c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000`,
    ...(role === undefined
      ? {}
      : { onConnect: async (client: pg.ClientBase) => void (await client.query(`set role ${role}`)) }),
  });
  const lost = (cause: Error): void => log.warn("database.connection_lost", { cause });
  pool.on("error", lost);
  pool.on("connect", (client) => client.on("error", lost));
  return pool;
}
