import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isAlive } from "@verbatim/hands/process/alive";

const name = /^assembly-(\d+)-/;

/** A folder for one assembly, named after this process. */
export async function makeWorkFolder(within: string): Promise<string> {
  await mkdir(within, { recursive: true });
  return mkdtemp(path.join(within, `assembly-${process.pid}-`));
}

/** Removes what assemblers left that were killed in the middle: up to 1 GB each for a long interview. */
export async function clearWorkFolders(within: string): Promise<void> {
  await mkdir(within, { recursive: true });
  for (const folder of await readdir(within)) {
    const pid = Number(name.exec(folder)?.[1]);
    if (!pid || pid === process.pid || isAlive({ pid })) continue;
    await rm(path.join(within, folder), { recursive: true, force: true });
  }
}
