import { BadConfig } from "@verbatim/hands/config";
import { type Ports, readPorts } from "./ports.ts";
import { configChecks, type Env } from "./processes.ts";
import { runProgram } from "./run-program.ts";
import { generated } from "./secrets.ts";
import { mediaWorkersOf } from "./stack.ts";

/**
 * The ports of this environment, after every process has looked at its configuration. Throws `BadConfig` with the faults
 * of all in one message. Nothing is made or started yet: what the first start fills in later is stood in for.
 */
export async function checkConfiguration(env: Env, dataDir: string, signal?: AbortSignal): Promise<Ports> {
  const { ports, faults } = readPorts(env);
  const checks = configChecks({
    env: { ...env, ...standIns(env) },
    dataDir,
    ports,
    workerBin: "",
    mediaWorkers: mediaWorkersOf(env),
    offlineSpeech: false,
  });
  const told = await Promise.all(
    checks.map((check) =>
      runProgram({ ...check, failure: `The configuration could not be checked: ${check.args.join(" ")}`, signal }),
    ),
  );
  const all = new Set([...faults, ...told.flatMap((lines) => lines.split("\n"))].filter(Boolean));
  if (all.size > 0) throw new BadConfig([...all]);
  return ports;
}

function standIns(env: Env): Env {
  const made = generated.map((name) => [name, env[name] || "-".repeat(32)] as const);
  return { ...Object.fromEntries(made), DATABASE_URL: env["DATABASE_URL"] || "postgres://embedded" };
}
