import { existsSync } from "node:fs";
import { readFile, readlink, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, signal } from "../process/alive.ts";

/** What a running server writes into its data folder about itself. */
export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

/** Reads `postmaster.pid`: the pid stands in line 1, the port in line 4, the state in line 8. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(path.join(data, "postmaster.pid"), "utf8").catch(() => ""); // Absent: it is not running.
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0
    ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" }
    : undefined;
}

/**
 * Ends a server that a killed parent left behind on this data folder, and forgets a pid file whose process is gone or
 * is another program by now. The server would refuse to start over either.
 */
export async function clearOrphan(data: string): Promise<"none" | "stopped" | "stale"> {
  const found = await readPostmaster(data);
  if (!found) return "none";
  if (!(await isServerOf(found.pid, data))) {
    await rm(path.join(data, "postmaster.pid"), { force: true });
    return "stale";
  }
  await endServer(found.pid);
  await rm(path.join(data, "postmaster.pid"), { force: true });
  return "stopped";
}

/** Ends a server: SIGINT closes sessions and checkpoints; SIGQUIT leaves that to the next start's recovery. */
export async function endServer(pid: number, { fastMs = 3_000, immediateMs = 1_000 } = {}): Promise<void> {
  for (const [name, waitMs] of [
    ["SIGINT", fastMs],
    ["SIGQUIT", immediateMs],
    ["SIGKILL", 1_000],
  ] as const) {
    if (!signal(pid, name)) return;
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      if (!isAlive({ pid })) return;
      await delay(10);
    }
  }
}

async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive({ pid })) return false;
  if (!existsSync("/proc")) return true;
  // A server's working folder is its data folder, whatever it was told on its command line.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
  return cwd === (await realpath(data));
}
