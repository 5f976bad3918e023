import pg from "pg";
import { uuid } from "../uuid.ts";

/** How the peers keep an update: one prepared insert into our table, as its owner, whom row security does not hold up. */
export function storeIn(url: string): (document: string, update: Uint8Array) => Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  const text = "insert into verbatim.document_update (tenant_id, document, update) values ($1, $2, $3)";
  return async (document, update) => {
    const values = [uuid(1, 0), document, Buffer.from(update.buffer, update.byteOffset, update.byteLength)];
    await pool.query({ name: "store", text, values });
  };
}
