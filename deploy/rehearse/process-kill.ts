import { readdir, readFile } from "node:fs/promises";
import type { Stack } from "../local/stack.ts";
import type { KillableProcess } from "./fault.ts";

/** kill -9 of one process of the stack; `sfu-worker` is the media worker below the sfu that carries the call. */
export async function killProcess(stack: Stack, name: KillableProcess): Promise<void> {
  if (name !== "sfu-worker") return stack.kill(name, "SIGKILL");
  const sfu = stack.pid("sfu");
  const workers = sfu === undefined ? [] : await childrenOf(sfu);
  if (workers.length === 0) throw new Error("The sfu has no media worker to kill.");
  // Every worker: which one carries the call is the sfu's business, and an idle one's death must harm nobody either.
  for (const pid of workers) process.kill(pid, "SIGKILL");
}

async function childrenOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = await readFile(`/proc/${entry}/stat`, "utf8");
      // pid (name) state ppid …; the name may hold anything, so read behind its closing bracket.
      const ppid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      const command = await readFile(`/proc/${entry}/cmdline`, "utf8");
      if (ppid === parent && command.includes("mediasoup-worker")) found.push(Number(entry));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}
