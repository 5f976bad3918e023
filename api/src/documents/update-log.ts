import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import type { Database } from "../database/database.ts";

export type DocumentAt = { readonly tenantId: TenantId; readonly interviewId: InterviewId };

/** Every update of a document in the order in which it was made; what readers are sent is in here first. */
export type UpdateLog = {
  load(at: DocumentAt): Promise<Uint8Array[]>;
  append(at: DocumentAt, update: Uint8Array): Promise<void>;
  /** Replaces all updates by one that holds the same. Only for a document nobody writes meanwhile. */
  compact(at: DocumentAt, merged: Uint8Array): Promise<void>;
};

const nameOf = (at: DocumentAt): string => `live/${at.interviewId}`;

export function createUpdateLog(database: Database): UpdateLog {
  return {
    async load(at) {
      const rows = await database.tenant(at.tenantId, (trx) =>
        trx
          .selectFrom("document_update")
          .select("update")
          .where("tenant_id", "=", at.tenantId)
          .where("document", "=", nameOf(at))
          .orderBy("seq")
          .execute(),
      );
      return rows.map((row) => new Uint8Array(row.update));
    },
    async append(at, update) {
      const values = [at.tenantId, nameOf(at), Buffer.from(update.buffer, update.byteOffset, update.byteLength)];
      await database.statement("append-update", "select verbatim.append_update($1, $2, $3)", values);
    },
    async compact(at, merged) {
      await database.tenant(at.tenantId, async (trx) => {
        await trx
          .deleteFrom("document_update")
          .where("tenant_id", "=", at.tenantId)
          .where("document", "=", nameOf(at))
          .execute();
        await trx
          .insertInto("document_update")
          .values({ tenant_id: at.tenantId, document: nameOf(at), update: Buffer.from(merged) })
          .execute();
      });
    },
  };
}
