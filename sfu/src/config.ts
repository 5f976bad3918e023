import { isIPv6 } from "node:net";
import { inAnyCase, Port, readEnv, Secret, tlsEnv } from "@verbatim/hands/config";
import { TrustedProxy } from "@verbatim/hands/net/trusted-proxies";
import { z } from "zod";

const Env = z
  .object({
    SFU_PORT: Port.default(3010),
    SFU_INTERNAL_PORT: Port.default(3011),
    MEDIA_PORT: Port.default(40_000),
    SFU_WORKERS: z.coerce.number().int("must be a whole number").min(1).max(128).optional(),
    /** Comma-separated; unset means every address of the machine. */
    ANNOUNCED_ADDRESS: z
      .string()
      .transform(listed)
      .refine(
        (addresses) => addresses.every((address) => isIPv6(address) || /^[a-z0-9.-]+$/i.test(address)),
        "must be addresses or names, without ports and without brackets",
      )
      .optional(),
    /** Comma-separated stun:, turn: and turns: addresses. */
    ICE_SERVERS: z
      .string()
      .transform(listed)
      .refine(
        (urls) => urls.every((url) => /^(stun|turns?):[^\s:]/.test(url)),
        "must be stun:, turn: or turns: addresses",
      )
      .refine((urls) => urls.length <= 8, "must be at most 8 addresses")
      .optional(),
    TURN_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
    PUBLIC_URL: z
      .url({ protocol: /^https?$/, error: "must be an http or https address" })
      .default("http://localhost:3000"),
    TRUSTED_PROXY: TrustedProxy,
    SERVICE_SECRET: Secret,
    TICKET_SECRET: Secret,
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  })
  .refine((env) => env.TURN_SECRET !== undefined || !env.ICE_SERVERS?.some((url) => url.startsWith("turn")), {
    ...inAnyCase,
    path: ["TURN_SECRET"],
    error: "is needed for a TURN server in ICE_SERVERS: its static-auth-secret",
  })
  .and(tlsEnv);

/** Reads the environment once, at start; every fault in one message. `cores` is the machine's. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cores: number) {
  const e = readEnv(Env, env);
  return Object.freeze({
    port: e.SFU_PORT,
    internalPort: e.SFU_INTERNAL_PORT,
    media: Object.freeze({
      port: e.MEDIA_PORT,
      workers: e.SFU_WORKERS ?? cores,
      announced: orNone(e.ANNOUNCED_ADDRESS),
      relays: { urls: e.ICE_SERVERS ?? [], secret: e.TURN_SECRET },
    }),
    publicUrl: e.PUBLIC_URL,
    proxies: e.TRUSTED_PROXY,
    tls: e.tls ?? null,
    serviceSecret: e.SERVICE_SECRET,
    ticketSecret: e.TICKET_SECRET,
    logLevel: e.LOG_LEVEL,
  });
}
export type Config = ReturnType<typeof readConfig>;

/** Null: announce what the machine has at that moment. */
function orNone(named: readonly string[] = []): readonly string[] | null {
  return named.length > 0 ? named : null;
}

function listed(list: string): string[] {
  return list.split(",").flatMap((each) => each.trim() || []);
}
