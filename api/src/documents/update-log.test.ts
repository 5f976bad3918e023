import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import * as Y from "yjs";
import { createLog } from "@verbatim/hands/log";
import { copyDatabase } from "../../test/shared-postgres.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { createLiveDocuments } from "./live-documents.ts";
import { createUpdateLog, type DocumentAt } from "./update-log.ts";

const log = createLog("test", "silent");
const at = (tenant: number, interview: number): DocumentAt =>
  ({
    tenantId: `10000000-0000-4000-8000-00000000000${tenant}`,
    interviewId: `20000000-0000-4000-8000-00000000000${interview}`,
    document: `live/20000000-0000-4000-8000-00000000000${interview}`,
  }) as unknown as DocumentAt;
const refused = at(1, 9);

let copy: Awaited<ReturnType<typeof copyDatabase>>;
let database: Database;
let owner: pg.Pool;
beforeAll(async () => {
  copy = await copyDatabase(inject("sharedPostgres"));
  database = openDatabase({ url: copy.url, log });
  owner = new pg.Pool({ connectionString: copy.url });
  await owner.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
    create trigger refuse before insert on verbatim.document_update for each row
      when (new.document = '${refused.document}') execute function refuse();`);
});
beforeEach(async () => void (await owner.query("delete from verbatim.document_update")));
afterAll(async () => {
  await owner.end();
  await database[Symbol.asyncDispose]();
  await copy[Symbol.asyncDispose]();
});

const stored = async (): Promise<{ tenant_id: string; document: string; update: Buffer; xmin: string }[]> =>
  (await owner.query("select tenant_id, document, update, xmin::text from verbatim.document_update order by seq")).rows;

it("stores what several organisations' documents append together in one transaction, each row as its own", async () => {
  const updates = createUpdateLog(database);
  const all = [at(1, 1), at(2, 2), at(1, 3)];
  await Promise.all(all.map((each, n) => updates.append(each, Uint8Array.of(n, 0, 255, 92, 34))));
  const rows = await stored();
  expect(rows.map(({ tenant_id, document }) => [tenant_id, document])).toEqual(
    all.map(({ tenantId, document }) => [tenantId, document]),
  );
  expect(rows.map(({ update }) => [...update])).toEqual(all.map((_, n) => [n, 0, 255, 92, 34]));
  expect(new Set(rows.map(({ xmin }) => xmin)).size).toBe(1);
  for (const [n, each] of all.entries()) expect(await updates.load(each)).toEqual([Uint8Array.of(n, 0, 255, 92, 34)]);
  // Another organisation's rows are not there for it.
  expect(await updates.load(at(2, 1))).toEqual([]);
});

it("a document that cannot be stored holds up no other, and nobody is told that it was", async () => {
  await using documents = createLiveDocuments({ updates: createUpdateLog(database), log });
  await Promise.all([1, 2].map((n) => documents.write(at(n, n), () => undefined)));
  let claimed = false;
  const write = (to: DocumentAt): Promise<void> =>
    documents.write(to, (live) => live.appendSegment("a", "seat" as never, "one", []));
  await documents.write(refused, () => undefined);
  const never = write(refused).then(() => (claimed = true));
  await Promise.all([write(at(1, 1)), write(at(2, 2))]);
  expect((await stored()).map(({ document }) => document).toSorted()).toEqual(
    [at(1, 1), at(2, 2)].map(({ document }) => document),
  );
  expect(claimed).toBe(false);
  await owner.query("drop trigger refuse on verbatim.document_update");
  await never;
  expect(await stored()).toHaveLength(3);
});

it("keeps the order of a document's updates, however many documents are written at once", async () => {
  await using documents = createLiveDocuments({ updates: createUpdateLog(database), log });
  const all = [at(1, 1), at(2, 2), at(1, 3), at(2, 4)];
  const ids = Array.from({ length: 30 }, (_, n) => String(n));
  await Promise.all(
    all.map(async (each) => {
      for (const id of ids) await documents.write(each, (live) => live.appendSegment(id, "seat" as never, id, []));
    }),
  );
  for (const each of all) {
    const doc = new Y.Doc();
    // In the order of the rows every update is whole at once: nothing waits for one that comes later.
    for (const update of await createUpdateLog(database).load(each)) {
      Y.applyUpdate(doc, update);
      expect(doc.store.pendingStructs).toBeNull();
    }
    expect(
      doc
        .getArray("transcript")
        .toArray()
        .map((item) => (item as string[])[0]),
    ).toEqual(ids);
  }
});
