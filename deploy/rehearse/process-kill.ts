import type { Stack } from "../local/stack.ts";
import type { KillableProcess } from "./fault.ts";
import { busyWorkers } from "./sfu-traffic.ts";

/** kill -9 of one process of the stack; `sfu-worker` is the media worker below the sfu that carries the call. */
export async function killProcess(stack: Stack, name: KillableProcess): Promise<void> {
  if (name !== "sfu-worker") return stack.kill(name, "SIGKILL");
  const workers = await busyWorkers(stack.urls.sfuInternal);
  if (workers.length === 0) throw new Error("No media worker carries a call.");
  for (const pid of workers) process.kill(pid, "SIGKILL");
}
