import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { signal as send } from "@verbatim/hands/process/alive";

/** A program of ours or the system's failed. `message` ends with what to do about it, where that is known. */
export class ProgramFailed extends Error {
  override readonly name = "ProgramFailed";
}

export type Program = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What to tell the person when it fails: what did not work, and what to do. */
  readonly failure: string;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
};

/** Runs a program to its end and returns what it printed. Rejects with the end of that and `failure`. */
export async function runProgram(program: Program): Promise<string> {
  program.signal?.throwIfAborted();
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: program.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: an abort has to reach the compilers below ninja and the downloads below apt-get.
    detached: true,
  });
  const abort = () => child.pid !== undefined && send(-child.pid, "SIGINT");
  program.signal?.addEventListener("abort", abort, { once: true });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      program.onLine?.(line);
    });
  }
  try {
    const [code] = await once(child, "close").catch((cause: unknown) => {
      throw new ProgramFailed(`${program.failure} (${program.command}: ${String(cause)})`, { cause });
    });
    program.signal?.throwIfAborted();
    if (code !== 0) throw new ProgramFailed(`${lines.slice(-20).join("\n")}\n\n${program.failure}`);
    return lines.join("\n");
  } finally {
    program.signal?.removeEventListener("abort", abort);
  }
}
