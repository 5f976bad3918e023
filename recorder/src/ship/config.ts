import { z } from "zod";
import { LogLevel, Port, readEnv, Secret, SocketUrl } from "@verbatim/hands/config";
import { storeEnv } from "@verbatim/hands/store/open";

const Env = z
  .object({
    API_INTERNAL_URL: SocketUrl.default("ws://127.0.0.1:3001"),
    SERVICE_SECRET: Secret,
    SPOOL_DIR: z.string({ error: "is needed" }).min(1),
    SHIP_OPS_PORT: Port.default(3022),
    LOG_LEVEL: LogLevel,
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
