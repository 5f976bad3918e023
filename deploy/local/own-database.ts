import { existsSync } from "node:fs";
import path from "node:path";
import { runningEmbeddedUrl } from "@verbatim/hands/postgres/embedded";
import { claimDataDir, holderOf } from "./claim.ts";
import { type Database, startDatabase } from "./database.ts";
import type { Ports } from "./ports.ts";
import type { Env } from "./processes.ts";
import { hasSecrets } from "./secrets.ts";

export type OwnDatabase = AsyncDisposable & {
  readonly url: string;
  /** Where the installation that runs now is reached; undefined when none does. */
  readonly runningAt: string | undefined;
};

/** Throws where no start has made an installation: a mistyped DATA_DIR must not become a new, empty one. */
export function assertInstallation(dataDir: string, env: Env): void {
  const hasDatabase = env["DATABASE_URL"] || existsSync(path.join(dataDir, "postgres", "PG_VERSION"));
  if (hasDatabase && hasSecrets(dataDir, env)) return;
  throw new Error(`There is no installation in ${dataDir}: set DATA_DIR to the folder that it was started with.`);
}

/** The database of this DATA_DIR for one command, whether the installation runs or not. */
export async function ownDatabase(options: {
  readonly env: Env;
  readonly dataDir: string;
  readonly ports: Ports;
  /** Who holds the folder meanwhile, for those who find it held. */
  readonly command: string;
}): Promise<OwnDatabase> {
  const { env, dataDir, ports } = options;
  const holder = await holderOf(dataDir);
  const running = await runningEmbeddedUrl(dataDir);
  await using owned = new AsyncDisposableStack();
  const url = env["DATABASE_URL"] || running;
  // Ours for the moment of the command: a start at the same time has to wait its turn.
  if (!url) owned.use(await claimDataDir(dataDir, options.command));
  const database = owned.adopt(
    url ? { url, stop: () => Promise.resolve() } : await startDatabase({ env, dataDir, ports, say: console.error }),
    (server: Database) => server.stop(),
  );
  const open = owned.move();
  return { url: database.url, runningAt: holder?.url, [Symbol.asyncDispose]: () => open.disposeAsync() };
}
