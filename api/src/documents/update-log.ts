import * as Y from "yjs";
import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import type { Database } from "../database/database.ts";

/** `document` is its name among the tenant's: `live/{interview}`, `notes/{interview}`, `notes/{interview}/{person}`. */
export type DocumentAt = { readonly tenantId: TenantId; readonly interviewId: InterviewId; readonly document: string };

/** Every update of a document in the order in which it was made; what readers are sent is in here first. */
export type UpdateLog = {
  load(at: DocumentAt): Promise<Uint8Array[]>;
  append(at: DocumentAt, update: Uint8Array): Promise<void>;
  /** Replaces the updates that are stored now by one that holds the same. One that another process adds meanwhile stays. */
  compact(at: DocumentAt): Promise<void>;
};

export function createUpdateLog(database: Database): UpdateLog {
  return {
    async load(at) {
      const rows = await database.tenant(at.tenantId, (trx) =>
        trx
          .selectFrom("document_update")
          .select("update")
          .where("tenant_id", "=", at.tenantId)
          .where("document", "=", at.document)
          .orderBy("seq")
          .execute(),
      );
      return rows.map((row) => new Uint8Array(row.update));
    },
    async append(at, update) {
      const values = [at.tenantId, at.document, Buffer.from(update.buffer, update.byteOffset, update.byteLength)];
      await database.statement("append-update", "select verbatim.append_update($1, $2, $3)", values);
    },
    async compact(at) {
      await database.tenant(at.tenantId, async (trx) => {
        const rows = await trx
          .deleteFrom("document_update")
          .where("tenant_id", "=", at.tenantId)
          .where("document", "=", at.document)
          .returning(["seq", "update"])
          .execute();
        const updates = rows.toSorted((a, b) => a.seq - b.seq).map((row) => new Uint8Array(row.update));
        await trx
          .insertInto("document_update")
          .values({ tenant_id: at.tenantId, document: at.document, update: Buffer.from(folded(updates)) })
          .execute();
      });
    },
  };
}

/** One update that holds the same as these, without the texts that were deleted. */
export function folded(updates: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return Y.encodeStateAsUpdate(doc);
}
