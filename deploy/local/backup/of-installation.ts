import path from "node:path";
import { readEnv } from "@verbatim/hands/config";
import { storeEnv } from "@verbatim/hands/store/open";
import type { Env } from "../processes.ts";
import { secrets } from "../secrets.ts";
import type { Contents } from "./contents.ts";
import { makeBackup } from "./make-backup.ts";

/** A backup of the installation that lives in a DATA_DIR, configured as `npm start` is. */
export async function backupOf(options: {
  readonly env: Env;
  readonly dataDir: string;
  readonly target: string;
  readonly databaseUrl: string;
  readonly objects: "copied" | "listed";
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Contents> {
  const { env, dataDir } = options;
  return await makeBackup({
    ...options,
    store: readEnv(storeEnv, { ...env, DATA_DIR: dataDir }).store,
    spoolDir: env["SPOOL_DIR"] || path.join(dataDir, "spool"),
    secretsDir: path.join(dataDir, "secrets"),
    secrets: await secrets(dataDir, env),
    now: new Date(),
  });
}
