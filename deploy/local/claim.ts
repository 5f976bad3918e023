import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { identify, isAlive } from "@verbatim/hands/process/alive";
import { z } from "zod";

const Holder = z.object({ pid: z.int().positive(), started: z.string().optional(), url: z.string() });
type Holder = z.infer<typeof Holder>;

/** Another start runs on the same data. */
export class AlreadyRunning extends Error {
  override readonly name = "AlreadyRunning";
  readonly holder: Holder;

  constructor(holder: Holder, dataDir: string) {
    super(
      `Verbatim already runs on ${dataDir}: ${holder.url} (pid ${holder.pid}). Stop that one with: kill ${holder.pid}`,
    );
    this.holder = holder;
  }
}

/** One start at a time on a DATA_DIR. A file whose process has ended holds nothing, so a killed start needs no care. */
export async function claimDataDir(dataDir: string, url: string): Promise<AsyncDisposable> {
  const file = path.join(dataDir, "run", "start.json");
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, JSON.stringify({ ...identify(process.pid), url }));
  try {
    for (;;) {
      try {
        await link(draft, file); // Fails where the file exists: two starts cannot both succeed.
        return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
      } catch (thrown) {
        if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
      }
      const holder = await read(file);
      if (holder && isAlive(holder)) throw new AlreadyRunning(holder, dataDir);
      await discard(file);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes a dead claim away, and puts it back when it was replaced by a living one between our look and now. */
async function discard(file: string): Promise<void> {
  const aside = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    await rename(file, aside);
    const moved = await read(aside);
    if (moved && isAlive(moved)) await link(aside, file);
  } catch (thrown) {
    const known = thrown instanceof Error && "code" in thrown && ["ENOENT", "EEXIST"].includes(String(thrown.code));
    if (!known) throw thrown; // Known: another start was quicker, either with taking it away or with claiming.
  } finally {
    await rm(aside, { force: true });
  }
}

/** Who runs on this DATA_DIR now, if anybody. */
export async function holderOf(dataDir: string): Promise<Holder | undefined> {
  const holder = await read(path.join(dataDir, "run", "start.json"));
  return holder && isAlive(holder) ? holder : undefined;
}

async function read(file: string): Promise<Holder | undefined> {
  try {
    return Holder.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined; // Gone, or not written by us: it holds nothing.
  }
}
