import { z } from "zod";

export const Port = z.coerce.number().int("must be a whole number").min(0).max(65535);
export const Secret = z.string({ error: "is needed" }).min(32, "must have at least 32 characters");

/** Reads one service's environment; every fault in one message, each with its variable's name. */
export function readEnv<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  // An empty variable is an unset one: that is how compose files and unit files spell it.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Bad configuration\n${faults.join("\n")}\nSee deploy/env/example.env.`);
}
