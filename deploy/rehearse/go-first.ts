import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Before a browser's command in a script: whoever speaks goes before everything else on this machine where the kernel lets
 * us, else before the others. In an interview everybody's sound is made on a machine of their own. With seven browsers on
 * two cores a speaker's sound stood still up to 9 times in 75 s by precedence alone (n=1), and never in real time (n=3); with
 * every camera on, which takes more than both cores, once.
 */
export const FIRST = "$(chrt --rr 1 true 2>/dev/null && echo chrt --rr 1 || echo nice -n -10)";

/** Writes a command into a program of its own, for drivers that start only one, and says where it is. */
export async function script(folder: string, command: string): Promise<string> {
  const file = join(folder, "browser");
  await writeFile(file, `#!/bin/sh\n${command}\n`);
  await chmod(file, 0o755);
  return file;
}
