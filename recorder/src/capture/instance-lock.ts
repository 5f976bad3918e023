import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { identify, isAlive } from "@verbatim/hands/process/alive";

const Owner = z.object({ pid: z.int().positive(), started: z.string().optional() });

/**
 * Takes the instance's part of the spool for this process. Two with one name would end each other's runs. Throws
 * while a living process has it; one that was killed left its lock behind, and the lock is taken over.
 */
export function lockInstance(spoolDir: string, instance: string): Disposable {
  mkdirSync(join(spoolDir, instance), { recursive: true, mode: 0o700 });
  const path = join(spoolDir, `.${instance}.lock`);
  const owner = readOwner(path);
  if (owner && owner.pid !== process.pid && isAlive(owner)) {
    throw new Error(
      `Another capture (process ${owner.pid}) records as "${instance}". Give this one another CAPTURE_INSTANCE.`,
    );
  }
  writeFileSync(`${path}.new`, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return {
    [Symbol.dispose]: () => {
      if (readOwner(path)?.pid === process.pid) rmSync(path, { force: true });
    },
  };
}

function readOwner(path: string): { pid: number; started: string | undefined } | undefined {
  try {
    const { pid, started } = Owner.parse(JSON.parse(readFileSync(path, "utf8")));
    return { pid, started };
  } catch {
    // No lock, or one torn by a power cut, whose owner cannot live any more.
    return undefined;
  }
}
