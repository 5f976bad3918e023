import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { keptSecret } from "../files/kept-secret.ts";
import { freePorts } from "../net/free-port.ts";
import { isAlive } from "../process/alive.ts";
import { findBinaries } from "./binaries.ts";
import { readPostmaster } from "./postmaster.ts";
import { ownerUrl, type Server, startServer } from "./server.ts";
import { type ServerUser, serverUser } from "./server-user.ts";

/** Where root keeps the programs for the server's own user. */
const SHARED_CACHE = "/var/cache/verbatim";

/**
 * The PostgreSQL of a machine without one: data in `{dataDir}/postgres`, its password in `{dataDir}/secrets`, loopback
 * only. A server that a killed process left on the same data is stopped first. `url` is the owner's.
 */
export async function startEmbeddedPostgres(options: {
  readonly dataDir: string;
  readonly port: number;
  readonly log?: (line: string) => void;
}): Promise<Server> {
  const user = await serverUser();
  await mkdir(options.dataDir, { recursive: true });
  await letThrough(options.dataDir, user);
  return startServer({
    data: path.join(options.dataDir, "postgres"),
    port: options.port,
    password: await keptSecret(path.join(options.dataDir, "secrets", "postgres-password")),
    binaries: await findBinaries(user && SHARED_CACHE),
    user,
    throwAway: false,
    log: options.log ?? (() => undefined),
  });
}

/** A fresh, empty server in a temporary folder on a free port, gone after `stop`. For tests: a crash loses its data. */
export async function startTestPostgres(): Promise<{ readonly url: string; stop(): Promise<void> } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-postgres-"));
  const user = await serverUser();
  const binaries = await findBinaries(user && SHARED_CACHE);
  await letThrough(folder, user);
  const password = randomBytes(12).toString("hex");
  const server = await onFreePort((port) =>
    startServer({
      data: path.join(folder, "data"),
      port,
      password,
      binaries,
      user,
      throwAway: true,
      log: () => undefined,
    }),
  );
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: server.url, stop, [Symbol.asyncDispose]: stop };
}

/** The owner's URL of the embedded server that runs on this `dataDir` now, if one does. */
export async function runningEmbeddedUrl(dataDir: string): Promise<string | undefined> {
  const found = await readPostmaster(path.join(dataDir, "postgres"));
  if (!found?.ready || !isAlive({ pid: found.pid })) return undefined;
  return ownerUrl(await keptSecret(path.join(dataDir, "secrets", "postgres-password")), found.port);
}

/** A server's user has to pass through the folder above its data; it still cannot list it. */
async function letThrough(folder: string, user: ServerUser): Promise<void> {
  if (user) await chmod(folder, (await stat(folder)).mode | 0o011);
}

/** Somebody else may take a free port before the server binds it. */
async function onFreePort(start: (port: number) => Promise<Server>): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const [port] = await freePorts(1);
    try {
      return await start(port ?? 0);
    } catch (thrown) {
      if (attempt === 3 || !/could not (bind|create any)/.test(String(thrown))) throw thrown;
    }
  }
}
