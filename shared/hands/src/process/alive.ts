import { existsSync, readFileSync } from "node:fs";

/** A process that can be told from a later one with the same number. `started` is absent where there is no /proc. */
export type ProcessId = { readonly pid: number; readonly started?: string | undefined };

/** Takes down what tells this process from a later one with the same number. */
export function identify(pid: number): ProcessId {
  return { pid, started: look(pid)?.started };
}

/** True while that very process runs. One that has ended and only waits for its parent to notice does not run. */
export function isAlive({ pid, started }: ProcessId): boolean {
  if (!existsSync("/proc/self/stat")) return signal(pid, 0);
  const seen = look(pid);
  return seen !== undefined && seen.state !== "Z" && seen.state !== "X" && (started ?? seen.started) === seen.started;
}

/** Sends a signal; a negative pid means that process group. False when nobody is there any more. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH") return false;
    throw thrown;
  }
}

/** The program's name stands in brackets and may hold anything, so fields are counted from the last bracket. */
function look(pid: number): { state: string | undefined; started: string | undefined } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], started: fields[19] };
  } catch {
    return undefined; // No such process.
  }
}
