import { Port, readEnv, Secret } from "@verbatim/hands/config";
import { z } from "zod";

const Socket = z.url({ protocol: /^wss?$/, error: "must be a ws:// or wss:// address" });

const Env = z.object({
  API_INTERNAL_URL: Socket.default("ws://127.0.0.1:3001"),
  SERVICE_SECRET: Secret,
  SPOOL_DIR: z.string({ error: "is needed" }).min(1),
  SCRIBE_OPS_PORT: Port.default(3023),
  DEEPGRAM_API_KEY: z.string().min(8, "looks cut off").optional(),
  DEEPGRAM_URL: Socket.optional(),
  DEEPGRAM_MODEL: z.string().default("nova-3"),
  SPEECH_OFFLINE_URL: Socket.optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = readEnv(Env, env);
  const { DEEPGRAM_API_KEY: apiKey, DEEPGRAM_URL: url, DEEPGRAM_MODEL: model } = read;
  return Object.freeze({
    apiUrl: read.API_INTERNAL_URL,
    serviceSecret: read.SERVICE_SECRET,
    spoolDir: read.SPOOL_DIR,
    opsPort: read.SCRIBE_OPS_PORT,
    logLevel: read.LOG_LEVEL,
    speech: {
      deepgram: apiKey === undefined ? undefined : { apiKey, url, model },
      offlineUrl: read.SPEECH_OFFLINE_URL,
    },
  });
}
