import { spawn } from "node:child_process";
import { once } from "node:events";
import { signal as send } from "@verbatim/hands/process/alive";

/** Runs a program whose output is for the person at the terminal; returns its exit code, 1 when a signal ended it. */
export async function showProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<number> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  const abort = () => child.pid !== undefined && send(-child.pid, "SIGINT");
  options.signal.addEventListener("abort", abort, { once: true });
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    return code ?? 1;
  } finally {
    options.signal.removeEventListener("abort", abort);
    if (child.pid !== undefined) send(-child.pid, "SIGKILL"); // Nothing that it started stays.
  }
}
