import type { Database } from "../database/database.ts";
import type { DocumentAt } from "./update-log.ts";

/** Whose words each Yjs client writes in a document of notes. */
export type NotesClients = {
  load(at: DocumentAt): Promise<Map<number, string>>;
  /** Says whose client it is from now on: this person's, unless it was somebody's before. */
  claim(at: DocumentAt, client: number, person: string): Promise<string>;
};

export function createNotesClients(database: Database): NotesClients {
  return {
    async load(at) {
      const rows = await database.tenant(at.tenantId, (trx) =>
        trx
          .selectFrom("document_client")
          .select(["client", "person"])
          .where("tenant_id", "=", at.tenantId)
          .where("document", "=", at.document)
          .execute(),
      );
      return new Map(rows.map(({ client, person }) => [client, person]));
    },
    claim: (at, client, person) =>
      database.tenant(at.tenantId, async (trx) => {
        await trx
          .insertInto("document_client")
          .values({ tenant_id: at.tenantId, document: at.document, client, person })
          .onConflict((on) => on.doNothing())
          .execute();
        const row = await trx
          .selectFrom("document_client")
          .select("person")
          .where("tenant_id", "=", at.tenantId)
          .where("document", "=", at.document)
          .where("client", "=", client)
          .executeTakeFirstOrThrow();
        return row.person;
      }),
  };
}
