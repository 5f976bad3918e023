import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import type { TenantId } from "@verbatim/shared/ids";
import type { Log } from "@verbatim/hands/log";
import { explainAway } from "./away.ts";
import { openPool } from "./pool.ts";
import type { SystemTables, TenantTables } from "./tables.ts";

export type TenantTrx = Transaction<TenantTables>;
export type SystemTrx = Transaction<SystemTables>;

/** Our tables, as a role that cannot pass by row security. While Postgres is away, `server.draining` is thrown. */
export type Database = AsyncDisposable & {
  /** One transaction that sees and writes this tenant's rows alone. */
  tenant<Result>(tenantId: TenantId, work: (trx: TenantTrx) => Promise<Result>): Promise<Result>;
  /** One transaction on the tables without tenants: which tenants there are, and whether setup is done. */
  system<Result>(work: (trx: SystemTrx) => Promise<Result>): Promise<Result>;
  /** One prepared statement, a transaction by itself: a function of ours that sets its tenant. For what happens many times a second. */
  statement(name: string, text: string, values: readonly unknown[]): Promise<void>;
  /** Whether Postgres answers. Never fails. */
  answers(): Promise<boolean>;
};

export function openDatabase(options: { readonly url: string; readonly log: Log; readonly max?: number }): Database {
  const pool = openPool({ ...options, schema: "verbatim", role: "verbatim_app", max: options.max ?? 20 });
  const kysely = new Kysely<TenantTables & SystemTables>({ dialect: new PostgresDialect({ pool }) });
  const transaction = async <Result>(work: (trx: Transaction<TenantTables & SystemTables>) => Promise<Result>) => {
    try {
      return await kysely.transaction().execute(work);
    } catch (thrown) {
      throw explainAway(thrown);
    }
  };
  return {
    tenant: (tenantId, work) =>
      transaction(async (trx) => {
        await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(trx);
        return work(trx as unknown as TenantTrx);
      }),
    system: (work) => transaction((trx) => work(trx as unknown as SystemTrx)),
    async statement(name, text, values) {
      try {
        await pool.query({ name, text, values: [...values] });
      } catch (thrown) {
        throw explainAway(thrown);
      }
    },
    answers: () =>
      sql`select 1`.execute(kysely).then(
        () => true,
        () => false, // It is away; the pool's own log says how.
      ),
    [Symbol.asyncDispose]: () => kysely.destroy(),
  };
}
