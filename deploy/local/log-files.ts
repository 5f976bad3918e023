import { copyFile, mkdir, open, readdir, stat, truncate } from "node:fs/promises";
import path from "node:path";

const LARGEST_BYTES = 20 * 1024 * 1024;
const LOOK_EVERY_MS = 60_000;

/** Keeps every log below 20 MB with one older file beside it, so that a disk for recordings never fills with logs. */
export async function keepLogsSmall(folder: string, largestBytes = LARGEST_BYTES): Promise<Disposable> {
  await mkdir(folder, { recursive: true });
  const look = () => rotate(folder, largestBytes).catch(() => undefined); // A full disk: the next look may succeed.
  await look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** The processes hold these files open for appending, so the file stays and is emptied; lines of that instant are lost. */
async function rotate(folder: string, largestBytes: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (!name.endsWith(".log") || (await stat(file)).size <= largestBytes) continue;
    await copyFile(file, `${file}.1`);
    await truncate(file, 0);
  }
}

/** The last lines of a log, to show beside a failure. */
export async function tail(file: string, lines = 25): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    const length = Math.min(size, 16_384);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return ""; // It has not logged anything yet.
  }
}
