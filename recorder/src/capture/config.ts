import { z } from "zod";
import { LogLevel, Port, readEnv, Secret, SocketUrl } from "@verbatim/hands/config";

const Env = z.object({
  SFU_INTERNAL_URL: SocketUrl.default("ws://127.0.0.1:3011"),
  SERVICE_SECRET: Secret,
  SPOOL_DIR: z.string({ error: "is needed" }).min(1),
  CAPTURE_OPS_PORT: Port.default(3021),
  /** Twins differ in it. */
  CAPTURE_INSTANCE: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, "may have small letters, digits and hyphens")
    .default("capture-1"),
  LOG_LEVEL: LogLevel,
});

export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = readEnv(Env, env);
  return Object.freeze({
    sfuUrl: read.SFU_INTERNAL_URL.replace(/\/$/, ""),
    serviceSecret: read.SERVICE_SECRET,
    spoolDir: read.SPOOL_DIR,
    opsPort: read.CAPTURE_OPS_PORT,
    instance: read.CAPTURE_INSTANCE,
    logLevel: read.LOG_LEVEL,
  });
}
