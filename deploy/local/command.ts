import { type Apt, createApt } from "./apt.ts";
import { createProgress, type Progress } from "./progress.ts";
import { ProgramFailed } from "./run-program.ts";

export type Command = { readonly progress: Progress; readonly apt: Apt; readonly signal: AbortSignal };

/**
 * Runs a command that ends by itself: tests, checks, benches. Ctrl-C, or the loss of npm above us, aborts its signal.
 * Exits with the code that `work` returns, or 1 with the reason on stderr.
 */
export async function runCommand(work: (command: Command) => Promise<number>): Promise<never> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) {
    process.on(name, () => stop.abort(new ProgramFailed("Stopped.")));
  }
  const progress = createProgress(Number(process.env["VERBATIM_STARTED_AT"]) || Date.now());
  try {
    process.exit(await work({ progress, apt: createApt(progress, stop.signal), signal: stop.signal }));
  } catch (thrown) {
    const known = thrown instanceof Error ? thrown.message : String(thrown);
    console.error(`\n${known}`);
    process.exit(1);
  }
}
