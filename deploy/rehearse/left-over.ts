import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearOrphan } from "@verbatim/hands/postgres/postmaster";
import { signal } from "@verbatim/hands/process/alive";
import { endLeftovers } from "../local/process-list.ts";
import { removeLeftCuts } from "./network-cut.ts";

const NAME = "verbatim-rehearsal-";

/** A folder for a stack of this process, which its name tells. */
export const makeStackFolder = (): Promise<string> => mkdtemp(join(tmpdir(), `${NAME}${process.pid}-`));

/** Ends and removes what rehearsals that were killed (SIGKILL, a crash) could not: their stacks, and the cuts in their people's networks. */
export async function removeLeftOver(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${NAME}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || signal(Number(pid), 0)) continue;
    const folder = join(tmpdir(), name);
    await endLeftovers(join(folder, "data"));
    await clearOrphan(join(folder, "data", "postgres"));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  await removeLeftCuts();
}
