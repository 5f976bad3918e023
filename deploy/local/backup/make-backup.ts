import { randomBytes } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { createLog } from "@verbatim/hands/log";
import { openStore, type StoreConfig } from "@verbatim/hands/store/open";
import { type BackupFile, CONTENTS, type Contents } from "./contents.ts";
import { dumpDatabase } from "./dump-database.ts";
import { writeHashed } from "./hashed-file.ts";
import { keepSpool } from "./keep-spool.ts";
import { copyOut, isHeld, objectsOf } from "./objects.ts";

export type BackupOptions = {
  /** Where it is to lie; must not exist. */
  readonly target: string;
  readonly databaseUrl: string;
  readonly store: StoreConfig;
  /** Copies the objects, or only lists and looks for them. */
  readonly objects: "copied" | "listed";
  readonly spoolDir: string;
  /** Its files are kept, and so are the secrets in force, which may come from the environment. */
  readonly secretsDir: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly now: Date;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/**
 * A backup of a running or a stopped installation. The order is what makes it whole: the spool is held first, then the
 * database's moment is taken, and what its rows name is copied from the store, where nothing is ever overwritten. It
 * gets its name in the last step; whatever is interrupted before has another one and no table of contents.
 */
export async function makeBackup(options: BackupOptions): Promise<Contents> {
  const target = path.resolve(options.target);
  if (existsSync(target))
    throw new Error(`${target} exists already: give a backup a new name, for example with the date.`);
  await clearUnfinished(target);
  await using made = new AsyncDisposableStack();
  const folder = `${target}${UNFINISHED}${randomBytes(4).toString("hex")}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  made.defer(() => rm(folder, { recursive: true, force: true }));

  const spool = made.use(await keepSpool(options.spoolDir));
  await spool.look();
  const dump = await dumpDatabase({
    url: options.databaseUrl,
    folder,
    atSnapshot: () => spool.look(),
    signal: options.signal,
  });
  const files = await spool.copyTo(folder, options.signal);
  files.push(...(await keepSecrets(options, folder)));
  const store = await keepObjects(options, folder, dump.objects);
  const contents: Contents = {
    format: 1,
    madeAt: options.now.toISOString(),
    migrations: dump.migrations,
    tables: dump.tables,
    files,
    store,
  };
  await writeFile(path.join(folder, CONTENTS), `${JSON.stringify(contents, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(folder, target);
  await using parent = await open(path.dirname(target));
  await parent.sync();
  return contents;
}

const UNFINISHED = ".unfinished-";

async function clearUnfinished(target: string): Promise<void> {
  const parent = path.dirname(target);
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith(path.basename(target) + UNFINISHED)) {
      await rm(path.join(parent, name), { recursive: true, force: true });
    }
  }
}

async function keepSecrets(options: BackupOptions, folder: string): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  const inForce = new Map(Object.entries(options.secrets).map(([name, value]) => [fileOf(name), value]));
  for (const [name, value] of inForce)
    files.push(await writeHashed(folder, `secrets/${name}`, Readable.from([Buffer.from(value)])));
  for (const name of await readdir(options.secretsDir).catch(() => [])) {
    // Each cluster of PostgreSQL has a password of its own; drafts of a crash are nobody's.
    if (inForce.has(name) || name === "postgres-password" || /\.[0-9a-f]{8}$/.test(name)) continue;
    files.push(await writeHashed(folder, `secrets/${name}`, createReadStream(path.join(options.secretsDir, name))));
  }
  return files;
}

const fileOf = (variable: string): string => variable.toLowerCase().replaceAll("_", "-");

async function keepObjects(options: BackupOptions, folder: string, list: BackupFile): Promise<Contents["store"]> {
  const store = await openStore(options.store, createLog("backup", "error"));
  const faulty: string[] = [];
  let objects = 0;
  for await (const object of objectsOf(folder, list.path)) {
    options.signal.throwIfAborted();
    objects += 1;
    const good =
      options.objects === "copied" ? await copyOut(store, object, folder, options.signal) : await isHeld(store, object);
    if (!good) faulty.push(object.key);
    if (objects % 1_000 === 0) options.say(`${objects} objects of the store …`);
  }
  return { kind: options.objects, list, objects, faulty };
}
