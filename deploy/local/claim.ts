import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
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

/**
 * One start at a time on a DATA_DIR. The kernel decides: an abstract socket's name is held by one process, and freed
 * with it however it ends. A file cannot do that: between finding its writer dead and taking it away, another may have
 * claimed. `start.json` only tells others who holds the name.
 */
export async function claimDataDir(dataDir: string, url: string): Promise<AsyncDisposable> {
  const file = path.join(dataDir, "run", "start.json");
  await mkdir(path.dirname(file), { recursive: true });
  const name = await holdName(
    `\0verbatim-${createHash("sha256")
      .update(await realpath(dataDir))
      .digest("hex")}`,
  );
  if (!name) throw new AlreadyRunning(await awaitHolder(file), dataDir);
  const draft = `${file}.draft`;
  await writeFile(draft, JSON.stringify({ ...identify(process.pid), url }));
  await rename(draft, file);
  return {
    async [Symbol.asyncDispose]() {
      await rm(file, { force: true });
      name.close();
    },
  };
}

/** The listening socket, or undefined where another process listens by this name. */
async function holdName(name: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  const listening = once(server, "listening");
  server.listen(name).unref();
  try {
    await listening;
    return server;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE") return undefined;
    throw thrown;
  }
}

/** The other start writes who it is right after it got the name. */
async function awaitHolder(file: string): Promise<Holder> {
  for (let tries = 0; tries < 20; tries++) {
    const holder = await read(file);
    if (holder && isAlive(holder)) return holder;
    await delay(50);
  }
  throw new Error(`Another Verbatim is starting or ending on the data of ${file}. Try again in a moment.`);
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
