import { tmpdir } from "node:os";
import path from "node:path";
import { LogLevel, Port, readEnv, Secret, SocketUrl } from "@verbatim/hands/config";
import { storeEnv } from "@verbatim/hands/store/open";
import { z } from "zod";

const Env = z
  .object({
    API_INTERNAL_URL: SocketUrl.default("ws://127.0.0.1:3001"),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" }),
    SERVICE_SECRET: Secret,
    ASSEMBLER_OPS_PORT: Port.default(3024),
    LOG_LEVEL: LogLevel,
  })
  .and(storeEnv);

export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = readEnv(Env, env);
  return Object.freeze({
    apiUrl: read.API_INTERNAL_URL,
    databaseUrl: read.DATABASE_URL,
    serviceSecret: read.SERVICE_SECRET,
    opsPort: read.ASSEMBLER_OPS_PORT,
    logLevel: read.LOG_LEVEL,
    store: read.store,
    // What is made is made there first and is worth nothing after a crash.
    workFolder: path.join(tmpdir(), "verbatim-assembler"),
  });
}
