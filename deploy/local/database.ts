import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startEmbeddedPostgres } from "@verbatim/hands/postgres/embedded";
import type { Server } from "@verbatim/hands/postgres/server";
import { type Env, ownerScript, type Settings } from "./processes.ts";
import { runProgram } from "./run-program.ts";

export type Database = { readonly url: string; stop(withinMs?: number): Promise<void> };

/** Between two attempts to bring a server back that ended by itself. */
const RETRY_MS = 1_000;

type Options = {
  readonly env: Env;
  readonly dataDir: string;
  readonly ports: { readonly postgres: number };
  readonly say: (line: string) => void;
};

/** The operator's own PostgreSQL where DATABASE_URL is set, otherwise the embedded one, which is kept running. */
export async function startDatabase(options: Options): Promise<Database> {
  const given = options.env["DATABASE_URL"];
  if (given) return { url: given, stop: () => Promise.resolve() };
  const logs = path.join(options.dataDir, "logs");
  await mkdir(logs, { recursive: true });
  const log = createWriteStream(path.join(logs, "postgres.log"), { flags: "a" });
  const begin = () =>
    startEmbeddedPostgres({
      dataDir: options.dataDir,
      port: options.ports.postgres,
      log: (line) => log.write(`${line}\n`),
    });
  try {
    const first = await begin();
    const stopping = new AbortController();
    let within: number | undefined;
    const kept = keepRunning(first, begin, options.say, stopping.signal).then((last) => last?.stop(within));
    return {
      url: first.url,
      async stop(withinMs) {
        within = withinMs;
        stopping.abort();
        await kept;
        log.end();
      },
    };
  } catch (cause) {
    log.end();
    if (/Address already in use/.test(String(cause))) {
      throw new Error(`Port ${options.ports.postgres} is in use: set POSTGRES_PORT to another one.`, { cause });
    }
    throw cause;
  }
}

/** Starts the server again whenever it ends by itself, until `signal`; returns the one that runs then. */
async function keepRunning(
  first: Server,
  begin: () => Promise<Server>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Server | undefined> {
  const told = once(signal, "abort");
  let server: Server | undefined = first;
  while (!signal.aborted) {
    if (server) await Promise.race([server.ended, told]);
    if (signal.aborted) break;
    if (server) say("PostgreSQL ended; starting it again.");
    server = await begin().catch(() => undefined); // Its own log says why; the next attempt may succeed.
    if (!server) await delay(RETRY_MS, undefined, { signal }).catch(() => undefined); // Told to stop.
  }
  return server;
}

/** Brings the database to this version, or to the migration `until`. Runs as a process of its own, with the owner's rights. */
export async function migrate(settings: Settings, signal: AbortSignal | undefined, until?: string): Promise<void> {
  const script = ownerScript(settings, "api/src/migrate-main.ts");
  await runProgram({
    ...script,
    args: [...script.args, ...(until === undefined ? [] : ["--until", until])],
    failure: `The database could not be brought to this version. Its log is in ${path.join(settings.dataDir, "logs")}.`,
    signal,
  });
}
