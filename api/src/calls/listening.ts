import { sql } from "kysely";
import type { Database } from "../database/database.ts";

/** Said once a second; silence for this long means that nobody listened. */
const FRESH = sql`interval '5 seconds'`;

/** Says that this api hears the media server. */
export function createListening(database: Database) {
  let last: number | undefined;
  return {
    /**
     * `connection` is the one to the media server, when there is one and all that it said is stored. On another than the
     * last time listening begins anew: what the rows say of people and recorders may be older than what happened between.
     */
    async say(connection: number | undefined): Promise<void> {
      if (connection !== undefined) await writeListening(database, connection !== last);
      last = connection;
    },
  };
}

async function writeListening(database: Database, anew: boolean): Promise<void> {
  const now = sql<Date>`now()`;
  await database.system((trx) =>
    trx
      .insertInto("listening")
      .values({ since: now, until: now })
      .onConflict((on) =>
        on.column("only_row").doUpdateSet({
          since: anew
            ? now
            : sql<Date>`case when listening.until < now() - ${FRESH} then now() else listening.since end`,
          until: now,
        }),
      )
      .execute(),
  );
}

/** For how long, until now, somebody has listened without a break, in ms; 0 when nobody does. */
export async function listenedForMs(database: Database): Promise<number> {
  const row = await database.system((trx) =>
    trx
      .selectFrom("listening")
      .select(sql<number>`extract(epoch from now() - since)::float8 * 1000`.as("ms"))
      .where("until", ">", sql<Date>`now() - ${FRESH}`)
      .executeTakeFirst(),
  );
  return row?.ms ?? 0;
}
