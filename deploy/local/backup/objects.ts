import { createReadStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { sha256Hex } from "@verbatim/hands/store/hash";
import { type Store, StoreMissing } from "@verbatim/hands/store/store";
import { KeptObject } from "./contents.ts";
import { writeHashed } from "./hashed-file.ts";

/** Objects of a backup's list, one after another: there may be millions. */
export async function* objectsOf(folder: string, list: string): AsyncGenerator<KeptObject> {
  const lines = createInterface({
    input: createReadStream(path.join(folder, list)),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) if (line !== "") yield KeptObject.parse(JSON.parse(line));
}

/** Copies an object out of the store; false when it is not there, or is not what its hash says. */
export async function copyOut(store: Store, object: KeptObject, folder: string, signal: AbortSignal): Promise<boolean> {
  try {
    const content = Readable.fromWeb((await store.stream(object.key, { signal })) as unknown as ReadableStream);
    const name = path.posix.join("store", object.key);
    const file = await writeHashed(folder, name, content, signal);
    if (file.sha256 === object.sha256) return true;
    await rm(path.join(folder, name));
    return false;
  } catch (thrown) {
    if (thrown instanceof StoreMissing) return false;
    throw thrown;
  }
}

/** Whether the store holds an object of this length. */
export async function isHeld(store: Store, object: KeptObject): Promise<boolean> {
  return (await store.head(object.key))?.bytes === object.bytes;
}

/** Puts a copied object back; false when the copy is not what its hash says. */
export async function copyIn(store: Store, object: KeptObject, folder: string, signal: AbortSignal): Promise<boolean> {
  const content = await readFile(path.join(folder, "store", object.key)).catch(() => undefined); // Taken out of the backup.
  if (!content || sha256Hex(content) !== object.sha256) return false;
  const contentType = TYPES[path.extname(object.key)] ?? "application/octet-stream";
  await store.put(object.key, content, { sha256: object.sha256, contentType, signal });
  return true;
}

/** As they were first put. */
const TYPES: Readonly<Record<string, string>> = {
  ".wav": "audio/wav",
  ".ogg": "audio/ogg",
  ".mp3": "audio/mpeg",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
  ".json": "application/json",
};
