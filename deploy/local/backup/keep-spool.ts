import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, link, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { BackupFile } from "./contents.ts";
import { writeHashed } from "./hashed-file.ts";

const PREFIX = ".backup-";

/**
 * Holds the spool of a moment while recordings run. Logs are linked, so that they stay readable when ship deletes
 * theirs, and grow; a longer log only holds more sound. What ship and scribe have noted beside them is copied as it
 * stands at the first look: it must be no newer than the database's rows, or what they claim done would be nowhere.
 */
export type KeptSpool = AsyncDisposable & {
  /** Links what is new since the last look. */
  look(): Promise<void>;
  /** Copies everything held to `{folder}/spool`. */
  copyTo(folder: string, signal: AbortSignal): Promise<BackupFile[]>;
};

export async function keepSpool(spoolDir: string): Promise<KeptSpool> {
  await clearLeftovers(spoolDir);
  // On the spool's own file system, or nothing could be linked; readers pass by names with a dot.
  const held = path.join(spoolDir, `${PREFIX}${randomBytes(4).toString("hex")}`);
  await mkdir(held, { recursive: true, mode: 0o700 });

  const look = async (): Promise<void> => {
    for (const run of await runs(spoolDir)) {
      const [from, to] = [path.join(spoolDir, run), path.join(held, run)];
      const names = await readdir(from).catch(orNone); // Deleted between two looks: the database has all of it.
      const there = new Set(await readdir(to).catch(orNone)); // Not held yet.
      await mkdir(to, { recursive: true, mode: 0o700 });
      for (const name of names.filter((each) => !there.has(each))) {
        // A note that came after the first look is newer than it may be.
        if (!name.endsWith(".spool") && there.size > 0) continue;
        await (name.endsWith(".spool") ? hold : copyFile)(path.join(from, name), path.join(to, name)).catch(orNone);
      }
    }
  };

  return {
    look,
    async copyTo(folder, signal) {
      const files: BackupFile[] = [];
      for (const run of await runs(held)) {
        for (const name of await readdir(path.join(held, run))) {
          const content = createReadStream(path.join(held, run, name));
          files.push(await writeHashed(folder, path.posix.join("spool", run, name), content, signal));
        }
      }
      return files;
    },
    [Symbol.asyncDispose]: () => rm(held, { recursive: true, force: true }),
  };
}

/** A file system without links gets a copy: what ship deletes meanwhile is in the database's rows already. */
async function hold(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") throw thrown;
    await copyFile(from, to);
  });
}

/** `{instance}/{run}` of every run. */
async function runs(spoolDir: string): Promise<string[]> {
  const found: string[] = [];
  for (const instance of await folders(spoolDir)) {
    for (const run of await folders(path.join(spoolDir, instance))) found.push(`${instance}/${run}`);
  }
  return found;
}

async function folders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(orNone);
  return entries.flatMap((entry) => (entry.isDirectory() && !entry.name.includes(".") ? [entry.name] : []));
}

/** A killed backup's links would keep deleted sound on the disk. */
async function clearLeftovers(spoolDir: string): Promise<void> {
  for (const name of await readdir(spoolDir).catch(orNone)) {
    if (name.startsWith(PREFIX)) await rm(path.join(spoolDir, name), { recursive: true, force: true });
  }
}

function orNone(thrown: NodeJS.ErrnoException): [] {
  if (thrown.code === "ENOENT") return [];
  throw thrown;
}
