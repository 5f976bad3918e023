import { Port, readEnv } from "@verbatim/hands/config";
import { z } from "zod";

const Env = z.object({
  SPEECH_PORT: Port.default(3030),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export type SpeechConfig = { readonly port: number; readonly logLevel: string };

export function readConfig(env: Readonly<Record<string, string | undefined>>): SpeechConfig {
  const given = readEnv(Env, env);
  return Object.freeze({ port: given.SPEECH_PORT, logLevel: given.LOG_LEVEL });
}
