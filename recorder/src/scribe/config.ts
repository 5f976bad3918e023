import { Port, readEnv, Secret } from "@verbatim/hands/config";
import { speechEnv } from "@verbatim/hands/speech-env";
import { z } from "zod";

const Env = z.object({
  API_INTERNAL_URL: z
    .url({ protocol: /^wss?$/, error: "must be a ws:// or wss:// address" })
    .default("ws://127.0.0.1:3001"),
  SERVICE_SECRET: Secret,
  SPOOL_DIR: z.string({ error: "is needed" }).min(1),
  SCRIBE_OPS_PORT: Port.default(3023),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = readEnv(Env.and(speechEnv), env);
  return Object.freeze({
    apiUrl: read.API_INTERNAL_URL,
    serviceSecret: read.SERVICE_SECRET,
    spoolDir: read.SPOOL_DIR,
    opsPort: read.SCRIBE_OPS_PORT,
    logLevel: read.LOG_LEVEL,
    speech: read.speech,
  });
}
