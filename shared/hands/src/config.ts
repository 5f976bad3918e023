import { z } from "zod";

export const Port = z.coerce.number().int("must be a whole number").min(0).max(65535);
export const SocketUrl = z.url({ protocol: /^wss?$/, error: "must be a ws:// or wss:// address" });
export const LogLevel = z.enum(["debug", "info", "warn", "error"]).default("info");
export const Secret = z.string({ error: "is needed" }).min(32, "must have at least 32 characters");

/** A check across variables runs beside other faults with this, so that a person hears of all at once. What it reads may be faulty itself. */
export const inAnyCase = { when: () => true } as const;

/** Certificate and key in PEM files: `schema.and(tlsEnv)` gives a config with `tls`, undefined without them. */
export const tlsEnv = z
  .object({ TLS_CERT: z.string().optional(), TLS_KEY: z.string().optional() })
  .transform(({ TLS_CERT: cert, TLS_KEY: key }, context) => {
    if (cert !== undefined && key !== undefined) return { tls: { cert, key } };
    if (cert === key) return { tls: undefined };
    const [missing, given] = cert === undefined ? ["TLS_CERT", "TLS_KEY"] : ["TLS_KEY", "TLS_CERT"];
    context.addIssue({ code: "custom", path: [missing], message: `belongs to ${given}: give both or none` });
    return z.NEVER;
  });

/** What is wrong with an environment: one line per fault, each with its variable's name. */
export class BadConfig extends Error {
  override readonly name = "BadConfig";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Bad configuration\n${faults.map((fault) => `  ${fault}`).join("\n")}\nSee deploy/env/example.env.`);
    this.faults = faults;
  }
}

/** Reads one service's environment; throws `BadConfig` with every fault at once. */
export function readEnv<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  // An empty variable is an unset one: that is how compose files and unit files spell it.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new BadConfig(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
}

/** What several processes find wrong in their configurations, each line once. */
export function faultsOf(...reads: (() => unknown)[]): string[] {
  const faults = reads.flatMap((read) => {
    try {
      read();
      return [];
    } catch (thrown) {
      if (thrown instanceof BadConfig) return thrown.faults;
      throw thrown;
    }
  });
  return [...new Set(faults)];
}
