import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * A secret that is made once and kept in a file that only its owner reads. What stands there is never replaced, and a
 * crash leaves the file whole or absent.
 */
export async function keptSecret(file: string, make: () => string = longSecret): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, make(), { mode: 0o600, flush: true });
  try {
    await link(draft, file); // Unlike a rename, this fails where the file exists.
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(file, "utf8")).trim();
}

function longSecret(): string {
  return randomBytes(32).toString("hex");
}
