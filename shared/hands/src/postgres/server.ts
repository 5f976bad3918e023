import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { Binaries } from "./binaries.ts";
import { clearOrphan, endServer, readPostmaster } from "./postmaster.ts";
import { assertReachable, type ServerUser } from "./server-user.ts";

export type ServerOptions = {
  /** The cluster's own folder. It is made where it is missing and belongs to the server's user. */
  readonly data: string;
  readonly port: number;
  readonly password: string;
  readonly binaries: Binaries;
  readonly user: ServerUser;
  /** Gives up crash safety for speed. */
  readonly throwAway: boolean;
  readonly log: (line: string) => void;
};

export type Server = {
  readonly pid: number;
  readonly url: string;
  /** Resolves when the server has ended, by `stop` or by itself. */
  readonly ended: Promise<void>;
  /** Ends it within `withinMs`, usually 2 s. A server that needs longer recovers at its next start; nothing is lost by it. */
  stop(withinMs?: number): Promise<void>;
};

/** The superuser. The services' own role is made by the first migration, because a superuser passes by row security. */
const OWNER = "verbatim";
const START_TIMEOUT_MS = 60_000;

/** Makes the cluster where there is none, clears what a killed parent left, starts the server and waits until it answers. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const orphan = await clearOrphan(options.data);
  if (orphan !== "none") options.log(`found a server left behind on this data folder: ${orphan}`);
  if (!existsSync(path.join(options.data, "PG_VERSION"))) await createCluster(options);
  assertReachable(options.data, options.user);
  const child = await untilReady(options);
  return {
    pid: child.pid,
    url: ownerUrl(options.password, options.port),
    ended: child.ended,
    stop: (withinMs) => child.stop(withinMs),
  };
}

/** Where the superuser reaches a server of ours. */
export function ownerUrl(password: string, port: number): string {
  return `postgres://${OWNER}:${password}@127.0.0.1:${port}/postgres`;
}

/** Made beside its place and renamed into it: a start that is killed half-way leaves no half cluster to be taken for a whole. */
async function createCluster(options: ServerOptions): Promise<void> {
  const { data, user } = options;
  const draft = `${data}.draft`;
  const passwordFile = `${data}.password`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (user) for (const place of [draft, passwordFile]) await chown(place, user.uid, user.gid);
  try {
    assertReachable(draft, user);
    const child = begin({ ...options, data: draft }, options.binaries.initdb, [
      `--pgdata=${draft}`,
      `--username=${OWNER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // Built in, so that the order of strings is the same on every machine and never changes under an index.
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      "--no-instructions",
      ...(options.throwAway ? ["--no-sync"] : []),
    ]);
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`initdb failed with code ${String(code)}: ${child.tail()}`);
    await rename(draft, data);
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

async function untilReady(options: ServerOptions): Promise<Omit<Server, "url">> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const child = begin(options, options.binaries.postgres, ["-D", options.data, ...settings(options)]);
    const { pid } = child;
    if (pid === undefined) throw new Error(`PostgreSQL did not start: ${child.tail()}`);
    const ended = once(child, "exit");
    while (child.exitCode === null && child.signalCode === null) {
      const seen = await readPostmaster(options.data);
      if (seen?.pid === pid && seen.ready) {
        return {
          pid,
          ended: ended.then(() => undefined),
          async stop(withinMs = 2_000) {
            await endServer(pid, { fastMs: withinMs * 0.75, immediateMs: withinMs * 0.25 });
            if (child.exitCode === null && child.signalCode === null) await ended;
          },
        };
      }
      if (performance.now() > deadline) {
        await endServer(pid);
        throw new Error(`PostgreSQL was not ready after ${START_TIMEOUT_MS} ms: ${child.tail()}`);
      }
      await delay(10);
    }
    // Sessions of a killed server hold its shared memory for a moment after it.
    const passing = /pre-existing shared memory block/.test(child.tail());
    if (!passing || performance.now() > deadline) throw new Error(`PostgreSQL did not start: ${child.tail()}`);
    await delay(100);
  }
}

function settings({ port, throwAway }: ServerOptions): string[] {
  const chosen: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    // Its log without the rows that a statement was refused for: names and words stand in them.
    log_error_verbosity: "terse",
    ...(throwAway ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "32MB" } : {}),
  };
  return Object.entries(chosen).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

type Program = ChildProcess & { tail(): string };

/** Its own process group, so that Ctrl-C in a terminal reaches only its owner, who stops it last. */
function begin(options: ServerOptions, program: string, args: readonly string[]): Program {
  // A throw-away server also goes when its parent is killed, so that no test run leaves one behind.
  const [command, all] =
    options.throwAway && process.platform === "linux"
      ? ["setpriv", ["--pdeathsig", "QUIT", program, ...args]]
      : [program, [...args]];
  const child = spawn(command, all, {
    // Messages are read by us and by operators: always English. Nothing of our environment concerns it.
    env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC", LANG: "C" },
    cwd: options.data,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...options.user,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (lines.push(line) > 20) lines.shift();
      options.log(line);
    });
  }
  child.on("error", (thrown) => lines.push(thrown.message));
  return Object.assign(child, { tail: () => lines.join("\n") });
}
