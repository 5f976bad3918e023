import { readdir, readFile, readlink } from "node:fs/promises";

/** Every process, of any user, that was started from a folder or works in it: its command line, environment or working directory names it. */
export async function processesNaming(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
    const gone = (): string => ""; // It ended while we looked.
    const [command, environment, cwd] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8").catch(gone),
      readFile(`/proc/${pid}/environ`, "utf8").catch(gone),
      readlink(`/proc/${pid}/cwd`).catch(gone),
    ]);
    if (`${command}\0${environment}\0${cwd}`.includes(folder)) found.push(command.replaceAll("\0", " ").slice(0, 120));
  }
  return found;
}
