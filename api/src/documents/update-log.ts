import * as Y from "yjs";
import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import type { Database } from "../database/database.ts";

/** `document` is its name among the tenant's: `live/{interview}`, `notes/{interview}`, `notes/{interview}/{person}`. */
export type DocumentAt = { readonly tenantId: TenantId; readonly interviewId: InterviewId; readonly document: string };

/** Every update of a document in the order in which it was made; what readers are sent is in here first. */
export type UpdateLog = {
  load(at: DocumentAt): Promise<Uint8Array[]>;
  /** Rejects when it was not stored. Of one document the next is given when this one has settled. */
  append(at: DocumentAt, update: Uint8Array): Promise<void>;
  /** Replaces the updates that are stored now by one that holds the same. One that another process adds meanwhile stays. */
  compact(at: DocumentAt): Promise<void>;
};

type Append = { readonly at: DocumentAt; readonly update: Buffer; readonly done: PromiseWithResolvers<void> };

export function createUpdateLog(database: Database): UpdateLog {
  let together: Append[] = [];

  /** Each row's tenant is set for it alone, inside the function: row security is asked about every one of them. */
  const store = (all: readonly Append[]): Promise<void> =>
    database.statement(
      "append-updates",
      "select count(verbatim.append_update(tenant, document, made)) from unnest($1::uuid[], $2::text[], $3::bytea[]) as each (tenant, document, made)",
      [all.map(({ at }) => at.tenantId), all.map(({ at }) => at.document), all.map(({ update }) => update)],
    );

  /** One alone goes as bytes; in an array they would be written as text. */
  const storeOne = ({ at, update }: Append): Promise<void> =>
    database.statement("append-update", "select verbatim.append_update($1, $2, $3)", [
      at.tenantId,
      at.document,
      update,
    ]);

  const flush = (): void => {
    const all = together;
    together = [];
    const [first] = all;
    if (!first) return;
    (all.length === 1 ? storeOne(first) : store(all)).then(
      () => {
        for (const { done } of all) done.resolve();
      },
      // Whoever tries again comes alone, each after its own wait: what one of them may not store holds up no other.
      (cause: unknown) => {
        for (const { done } of all) done.reject(cause);
      },
    );
  };

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
    append(at, update) {
      const done = Promise.withResolvers<void>();
      // After every promise of this turn has run: documents whose rounds began together are stored together.
      if (together.length === 0) process.nextTick(flush);
      together.push({ at, update: Buffer.from(update.buffer, update.byteOffset, update.byteLength), done });
      return done.promise;
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
