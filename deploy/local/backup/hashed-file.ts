import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BackupFile } from "./contents.ts";

/** Writes a stream to `{folder}/{name}`, on disk when it resolves, and says what was written. */
export async function writeHashed(
  folder: string,
  name: string,
  content: NodeJS.ReadableStream | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<BackupFile> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const counter = counting();
  const out = createWriteStream(file, { mode: 0o600, flush: true });
  await (signal ? pipeline(content, counter.stream, out, { signal }) : pipeline(content, counter.stream, out));
  return { path: name, ...counter.result() };
}

/** Bytes and hash of a file as it lies there. */
export async function hashFile(file: string): Promise<Omit<BackupFile, "path">> {
  const counter = counting();
  await pipeline(createReadStream(file), counter.stream.resume());
  return counter.result();
}

function counting() {
  const hash = createHash("sha256");
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ bytes, sha256: hash.digest("hex") }) };
}
