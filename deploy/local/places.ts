import { homedir } from "node:os";
import path from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** The checkout. */
export const root = path.resolve(import.meta.dirname, "../..");

const isRoot = process.getuid?.() === 0;

/** What outlives the checkout and can be made again: Node, the media worker, test servers. bootstrap.mjs knows it too. */
export function cacheDir(env: Env): string {
  return isRoot
    ? "/var/cache/verbatim"
    : path.join(env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "verbatim");
}

/** All state of an installation: database, store, spool, secrets, logs. Outside the checkout, so `git clean` spares it. */
export function dataDir(env: Env): string {
  if (env["DATA_DIR"]) return path.resolve(env["DATA_DIR"]);
  return isRoot
    ? "/var/lib/verbatim"
    : path.join(env["XDG_DATA_HOME"] || path.join(homedir(), ".local", "share"), "verbatim");
}
