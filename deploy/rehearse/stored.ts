import pg from "pg";
import * as Y from "yjs";
import { z } from "zod";
import { NOTES_ROOT } from "@verbatim/shared/document/notes";
import { Act, type Change, Move } from "@verbatim/shared/marks/act";

/** What people wrote into an interview, as its database has it now. */
export type Stored = {
  /** Of the shared notes, as they are sent to who opens them; 0 where nobody ever wrote. */
  readonly notesBytes: number;
  /** The shared notes' words, a line for each block. */
  readonly notes: string;
  readonly changes: readonly Change[];
};

const Mark = z.object({
  id: z.string(),
  seq: z.coerce.number(),
  author: z.string(),
  name: z.string(),
  at: z.date(),
  act: z.union([Act, Move]),
});

/** Reads past every process: rows, and a document made of them alone. Throws when the database is away. */
export async function readStored(databaseUrl: string, interviewId: string): Promise<Stored> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const own = "tenant_id = (select tenant_id from verbatim.interview where id = $1)";
    const updates = await client.query<{ update: Buffer }>(
      `select update from verbatim.document_update where ${own} and document = 'notes/' || $1 order by seq`,
      [interviewId],
    );
    const marks = await client.query(
      `select id, seq, author, name, at, act from verbatim.mark_change where ${own} and interview_id = $1 order by seq`,
      [interviewId],
    );
    const doc = new Y.Doc();
    for (const { update } of updates.rows) Y.applyUpdate(doc, update);
    return {
      notesBytes: updates.rows.length === 0 ? 0 : Y.encodeStateAsUpdate(doc).length,
      notes: textOf(doc.getXmlFragment(NOTES_ROOT)),
      changes: z
        .array(Mark)
        .parse(marks.rows)
        .map(({ at, ...mark }) => ({ ...mark, atMs: at.getTime() })),
    };
  } finally {
    await client.end();
  }
}

/** Without formats, which would stand between the words. */
function textOf(node: Y.XmlFragment | Y.XmlText | Y.XmlHook): string {
  if (node instanceof Y.XmlText) {
    return (node.toDelta() as { readonly insert: unknown }[])
      .map(({ insert }) => (typeof insert === "string" ? insert : " "))
      .join("");
  }
  if (!(node instanceof Y.XmlFragment)) return "";
  return node
    .toArray()
    .map((each) => textOf(each))
    .join("\n");
}
