import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { sha256Hex } from "./hash.ts";
import { asPath, checkKey, checkPrefix } from "./key.ts";
import { probeStore } from "./probe.ts";
import { type Store, type StoredObject, StoreConflict, StoreMissing } from "./store.ts";

type Range = { readonly start: number; readonly end: number };

/** Half-written objects, out of every listing. Same file system, so that taking their name is one atomic step. */
const TEMPORARY = ".writing";
/** A write takes seconds; what is older was left by a killed process. */
const STALE_MS = 3_600_000;

/** Objects as files under `root`, named by their keys. An object appears whole and durable under its name, or not at all. */
export async function createDiskStore(options: { readonly root: string; readonly now?: () => number }): Promise<Store> {
  const root = resolve(options.root);
  const temporary = join(root, TEMPORARY);
  await mkdir(temporary, { recursive: true });
  await clearStale(temporary, (options.now ?? Date.now)());

  const pathOf = (key: string): string => {
    checkKey(key);
    return join(root, asPath(key));
  };

  const store: Omit<Store, "probe"> = {
    async put(key, content, { sha256, signal }) {
      const path = pathOf(key);
      signal?.throwIfAborted();
      if (sha256Hex(content) !== sha256) throw new Error(`The content of ${key} is not what its SHA-256 says`);
      const draft = join(temporary, crypto.randomUUID());
      try {
        await writeDurably(draft, content, signal);
        for (let attempt = 0; ; attempt++) {
          await makeDurably(dirname(path), root);
          try {
            const taken = await take(draft, path);
            // Also when it was there: who wrote it may have died before this.
            await syncDirectory(dirname(path));
            if (taken) return "stored";
            break;
          } catch (thrown) {
            // A delete next to it took the empty folder away in between.
            if (!isCode(thrown, "ENOENT") || attempt === 5) throw thrown;
          }
        }
      } finally {
        await rm(draft, { force: true });
      }
      const held = await readFile(path);
      if (held.byteLength === content.byteLength && sha256Hex(held) === sha256) return "exists";
      throw new StoreConflict(`Another content lies under ${key}`);
    },

    async get(key, { range, signal } = {}) {
      await using file = await openFile(pathOf(key), key);
      const { size } = await file.handle.stat();
      const { start, length } = within(range, size);
      const content = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        signal?.throwIfAborted();
        const { bytesRead } = await file.handle.read(content, at, length - at, start + at);
        if (bytesRead === 0) throw new Error(`${key} became shorter while it was read`);
        at += bytesRead;
      }
      return content;
    },

    async stream(key, { range, signal } = {}) {
      const { handle } = await openFile(pathOf(key), key);
      const { size } = await handle.stat();
      const { start, length } = within(range, size);
      if (length === 0) {
        await handle.close();
        return new Blob([]).stream();
      }
      const file = handle.createReadStream({ start, end: start + length - 1, ...(signal && { signal }) });
      // Both are the web's ReadableStream; Node's types spell it twice.
      return Readable.toWeb(file) as ReadableStream as unknown as globalThis.ReadableStream<Uint8Array>;
    },

    async head(key) {
      const found = await stat(pathOf(key)).catch(orAbsent);
      return found?.isFile() ? { key, bytes: found.size } : undefined;
    },

    list(prefix) {
      checkPrefix(prefix);
      return walk(root, prefix.slice(0, prefix.lastIndexOf("/") + 1), prefix);
    },

    async delete(key) {
      const path = pathOf(key);
      await unlink(path).catch(orAbsent);
      await syncDirectory(dirname(path)).catch(orAbsent);
    },
  };
  return { ...store, probe: () => probeStore(store, root) };
}

/** Gives a written file its name unless somebody has it; false when somebody has. */
async function take(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (thrown) {
    if (isCode(thrown, "EEXIST")) return false;
    if (!isCode(thrown, "EPERM") && !isCode(thrown, "ENOTSUP") && !isCode(thrown, "ENOSYS")) throw thrown;
  }
  // A file system without hard links: renaming would overwrite, so look first. Each key has one writer.
  if (await stat(path).catch(orAbsent)) return false;
  await rename(draft, path);
  return true;
}

async function writeDurably(path: string, content: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  const handle = await open(path, "wx", 0o640);
  try {
    await handle.writeFile(content, signal ? { signal } : {});
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder whose name survives a power cut, and those above it up to `root`. */
async function makeDurably(folder: string, root: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let at = folder; at.startsWith(root) && at.length >= dirname(first).length; at = dirname(at)) {
    await syncDirectory(at);
  }
}

async function syncDirectory(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openFile(path: string, key: string): Promise<AsyncDisposable & { readonly handle: FileHandle }> {
  const handle = await open(path, "r").catch(orAbsent);
  if (!handle) throw new StoreMissing(`${key} is not in the store`);
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}

async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<StoredObject> {
  const entries = (await readdir(join(root, asPath(folder)), { withFileTypes: true }).catch(orAbsent)) ?? [];
  // As S3 orders keys: a folder's name counts with its slash.
  const named = entries.map((entry) => ({ entry, name: folder + entry.name + (entry.isDirectory() ? "/" : "") }));
  for (const { entry, name } of named.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    if (entry.isDirectory()) {
      if (name.startsWith(prefix) || prefix.startsWith(name)) yield* walk(root, name, prefix);
    } else if (name.startsWith(prefix)) {
      const found = await stat(join(root, asPath(name))).catch(orAbsent);
      if (found) yield { key: name, bytes: found.size };
    }
  }
}

async function clearStale(temporary: string, now: number): Promise<void> {
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name);
    const found = await stat(path).catch(orAbsent);
    if (found && found.mtimeMs < now - STALE_MS) await rm(path, { force: true });
  }
}

function within(range: Range | undefined, size: number): { readonly start: number; readonly length: number } {
  const start = Math.min(range?.start ?? 0, size);
  return { start, length: Math.max(0, Math.min(range?.end ?? size - 1, size - 1) + 1 - start) };
}

const isCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && "code" in thrown && thrown.code === code;

/** For `catch`: not being there is an answer. */
function orAbsent(thrown: unknown): undefined {
  if (isCode(thrown, "ENOENT") || isCode(thrown, "ENOTDIR")) return undefined;
  throw thrown;
}
