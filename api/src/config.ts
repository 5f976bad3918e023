import { z } from "zod";
import { LogLevel, Port, readEnv, Secret, SocketUrl, tlsEnv } from "@verbatim/hands/config";
import { TrustedProxy } from "@verbatim/hands/net/trusted-proxies";
import { serviceOf, speechEnv } from "@verbatim/hands/speech-env";
import { storeEnv } from "@verbatim/hands/store/open";
import { modelEnv } from "./suggestions/model/model-env.ts";

/** `name=http://host:port`, separated by commas. */
const Processes = z.string().transform((text, context): ReadonlyMap<string, string> => {
  const pairs = text.split(",").map((pair) => pair.split("=", 2));
  for (const [name = "", url = ""] of pairs) {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name) || !/^https?:\/\/[^/\s]+$/.test(url)) {
      context.addIssue({ code: "custom", message: "must be name=http://host:port, separated by commas" });
      return z.NEVER;
    }
  }
  return new Map(pairs.map(([name = "", url = ""]) => [name, url]));
});

const Env = z.object({
  NODE_ENV: z.string().default(""),
  LOG_LEVEL: LogLevel,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
    .default("http://localhost:3000"),
  API_PORT: Port.default(3000),
  API_INTERNAL_PORT: Port.default(3001),
  WORKER_OPS_PORT: Port.default(3002),
  SFU_PORT: Port.default(3010),
  SIGNAL_URL: SocketUrl.optional(),
  SFU_INTERNAL_URL: SocketUrl.default("ws://127.0.0.1:3011"),
  SERVICE_SECRET: Secret,
  TICKET_SECRET: Secret,
  LINK_SECRET: Secret,
  AUTH_SECRET: Secret,
  SETUP_CODE: z.string().min(4, "must have at least 4 characters").optional(),
  WEB_DIST: z.string().optional(),
  /** Proxies in front of us, whose word on address and host is taken. */
  TRUSTED_PROXY: TrustedProxy,
  /** Minutes without any speaker in a seat after which a recording closes by itself. */
  CLOSE_AFTER_EMPTY_MINUTES: z.coerce.number().min(0.01, "must be more than 0").default(10),
  /** Calls at the same time. Unset: what this machine's cores carry. */
  MAX_CALLS: z.coerce.number().int("must be a whole number").min(1, "must be at least 1").optional(),
  /** For the page about this installation; set by the starter, as the two folders below. */
  STATUS_PROCESSES: Processes.default(new Map()),
  SPOOL_DIR: z.string().optional(),
  POSTGRES_DIR: z.string().optional(),
  SHUTDOWN_GRACE_MS: z.coerce.number().int().positive().default(4_000),
});

/** Reads the environment of api and worker, once, at start. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const e = readEnv(Env.and(tlsEnv).and(storeEnv).and(speechEnv).and(modelEnv), env);
  const publicUrl = new URL(e.PUBLIC_URL);
  return Object.freeze({
    logLevel: e.LOG_LEVEL,
    graceMs: e.SHUTDOWN_GRACE_MS,
    database: { url: e.DATABASE_URL },
    http: {
      port: e.API_PORT,
      internalPort: e.API_INTERNAL_PORT,
      workerOpsPort: e.WORKER_OPS_PORT,
      publicUrl: publicUrl.origin,
      secure: publicUrl.protocol === "https:",
      tls: e.tls,
      webDist: e.WEB_DIST,
      proxies: e.TRUSTED_PROXY,
    },
    sfu: { port: e.SFU_PORT, signalUrl: e.SIGNAL_URL, internalUrl: e.SFU_INTERNAL_URL },
    secrets: { service: e.SERVICE_SECRET, ticket: e.TICKET_SECRET, link: e.LINK_SECRET, auth: e.AUTH_SECRET },
    store: e.store,
    setupCode: e.SETUP_CODE,
    /** What scribe would use in this environment. */
    speech: serviceOf(e.speech),
    /** The model that makes follow-up questions; undefined where the rules make them. */
    suggestions: e.suggestions,
    maxCalls: e.MAX_CALLS,
    status: { processes: e.STATUS_PROCESSES, spoolDir: e.SPOOL_DIR, postgresDir: e.POSTGRES_DIR },
    recording: { closeAfterEmptyMs: Math.round(e.CLOSE_AFTER_EMPTY_MINUTES * 60_000) },
  });
}
export type Config = ReturnType<typeof readConfig>;
