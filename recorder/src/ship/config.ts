import { z } from "zod";
import { Port, readEnv, Secret } from "@verbatim/hands/config";
import { storeEnv } from "@verbatim/hands/store/open";

const Env = z
  .object({
    API_INTERNAL_URL: z
      .url({ protocol: /^wss?$/, error: "must be a ws:// or wss:// address" })
      .default("ws://127.0.0.1:3001"),
    SERVICE_SECRET: Secret,
    SPOOL_DIR: z.string({ error: "is needed" }).min(1),
    SHIP_OPS_PORT: Port.default(3022),
    LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  })
  .and(storeEnv);

export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = readEnv(Env, env);
  return Object.freeze({
    apiUrl: read.API_INTERNAL_URL,
    serviceSecret: read.SERVICE_SECRET,
    spoolDir: read.SPOOL_DIR,
    opsPort: read.SHIP_OPS_PORT,
    logLevel: read.LOG_LEVEL,
    store: read.store,
  });
}
