import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { startEmbeddedPostgres } from "@verbatim/hands/postgres/embedded";
import { type Env, ownerScript, type Settings } from "./processes.ts";
import { runProgram } from "./run-program.ts";

export type Database = { readonly url: string; readonly pid?: number; stop(): Promise<void> };

/** The operator's own PostgreSQL where DATABASE_URL is set, otherwise the embedded one. */
export async function startDatabase(options: {
  readonly env: Env;
  readonly dataDir: string;
  readonly ports: { readonly postgres: number };
}): Promise<Database> {
  const given = options.env["DATABASE_URL"];
  if (given) return { url: given, stop: () => Promise.resolve() };
  const logs = path.join(options.dataDir, "logs");
  await mkdir(logs, { recursive: true });
  const log = createWriteStream(path.join(logs, "postgres.log"), { flags: "a" });
  try {
    const server = await startEmbeddedPostgres({
      dataDir: options.dataDir,
      port: options.ports.postgres,
      log: (line) => log.write(`${line}\n`),
    });
    return {
      ...server,
      async stop() {
        await server.stop();
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

/** Brings the database to this version. Runs as a process of its own, with the owner's rights. */
export async function migrate(settings: Settings, signal: AbortSignal | undefined): Promise<void> {
  const script = ownerScript(settings, "api/src/migrate-main.ts");
  await runProgram({
    ...script,
    failure: `The database could not be brought to this version. Its log is in ${path.join(settings.dataDir, "logs")}.`,
    signal,
  });
}
