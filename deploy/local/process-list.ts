import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { identify, isAlive, type ProcessId, signal } from "@verbatim/hands/process/alive";
import { z } from "zod";

const Entry = z.object({ name: z.string(), pid: z.int().positive(), started: z.string().optional() });
type Entry = z.infer<typeof Entry>;

/** Time that a left-over process gets to flush before it is killed. */
const GRACE_MS = 4_000;

/** Which processes this start has begun, kept on disk so that the next start can end what a killed one left. */
export type ProcessList = { add(name: string, pid: number): void; remove(pid: number): void; clear(): void };

export function openProcessList(dataDir: string): ProcessList {
  const file = listFile(dataDir);
  mkdirSync(path.dirname(file), { recursive: true });
  let entries: Entry[] = [];
  const write = () => {
    // Written at once and by rename: the next instant may be a kill.
    writeFileSync(`${file}.draft`, JSON.stringify(entries));
    renameSync(`${file}.draft`, file);
  };
  return {
    add(name, pid) {
      entries = [...entries, { name, ...identify(pid) }];
      write();
    },
    remove(pid) {
      entries = entries.filter((entry) => entry.pid !== pid);
      write();
    },
    clear: () => rmSync(file, { force: true }),
  };
}

/** What a killed start left running. */
export function leftovers(dataDir: string): { readonly name: string; readonly pid: number }[] {
  return read(dataDir).filter(isAlive);
}

/** Ends that, flushing first; returns the names. */
export async function endLeftovers(dataDir: string): Promise<string[]> {
  const left = leftovers(dataDir);
  await Promise.all(left.map(endGroup));
  rmSync(listFile(dataDir), { force: true });
  return left.map((entry) => entry.name);
}

async function endGroup(leader: ProcessId): Promise<void> {
  signal(leader.pid, "SIGTERM");
  const deadline = performance.now() + GRACE_MS;
  while (isAlive(leader) && performance.now() < deadline) await delay(20);
  signal(-leader.pid, "SIGKILL"); // Also what it had started itself: media workers outlive a killed leader.
  while (isAlive(leader)) await delay(20);
}

function read(dataDir: string): Entry[] {
  try {
    return z.array(Entry).parse(JSON.parse(readFileSync(listFile(dataDir), "utf8")));
  } catch {
    return []; // No start was killed here.
  }
}

function listFile(dataDir: string): string {
  return path.join(dataDir, "run", "processes.json");
}
