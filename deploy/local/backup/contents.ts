import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Below the backup's own folder: no parent, no absolute path. */
const Inside = z.string().regex(/^(?!.*(^|\/)\.\.(\/|$))[^/].*$/);

export const BackupFile = z.object({ path: Inside, bytes: z.int().min(0), sha256: Sha256 });
export type BackupFile = z.infer<typeof BackupFile>;

export const DumpedTable = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.int().min(0),
  file: BackupFile,
});
export type DumpedTable = z.infer<typeof DumpedTable>;

/** One object of the store, as the database names it: a line of `store.jsonl`. */
export const KeptObject = z.object({ key: z.string().max(400), bytes: z.int().min(0), sha256: Sha256 });
export type KeptObject = z.infer<typeof KeptObject>;

/** `backup.json`, written last: a folder without it is no backup. */
export const Contents = z.object({
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  /** Migrations that the database had, in order. */
  migrations: z.array(z.string()).min(1),
  tables: z.array(DumpedTable),
  /** What lay in the spool, and the secrets. */
  files: z.array(BackupFile),
  store: z.object({
    /** `copied`: the objects lie in `store/`. `listed`: they stay where they are, and must be there at a restore. */
    kind: z.enum(["copied", "listed"]),
    list: BackupFile,
    objects: z.int().min(0),
    /** In the database's books, but not in the store, or not with the right hash, when the backup was made. */
    faulty: z.array(z.string()),
  }),
});
export type Contents = z.infer<typeof Contents>;

export const CONTENTS = "backup.json";

/** Throws, in words, where this is no whole backup. */
export async function readContents(folder: string): Promise<Contents> {
  const text = await readFile(path.join(folder, CONTENTS), "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") {
      throw new Error(`${folder} is no whole backup: it has no ${CONTENTS}.`, { cause });
    }
    // Nothing is wrong with a backup that was copied by somebody else.
    throw new Error(`${folder}/${CONTENTS} cannot be read: ${cause.message}. Give it to the user who runs this.`, {
      cause,
    });
  });
  const parsed = Contents.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${folder}/${CONTENTS} cannot be read: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}
