import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Debian packages that the offline speech server needs: the decoder's library, its model, a C compiler. */
export const speechPackages = ["libpocketsphinx3", "pocketsphinx-en-us", "gcc", "libc6-dev"] as const;

/** Where the packages put things. */
export type System = { readonly modelDir: string; readonly libraries: string; readonly programs: string };

export const MODEL_DIR = "/usr/share/pocketsphinx/model/en-us";
const debian: System = { modelDir: MODEL_DIR, libraries: "/usr/lib", programs: "/usr/bin" };
const LIBRARY = "libpocketsphinx.so.3";
const SOURCES = path.join(import.meta.dirname, "native");

/** What is not installed, in words for an operator, or undefined when offline speech can run here. */
export async function missingForSpeech(system: System = debian): Promise<string | undefined> {
  const missing: string[] = [];
  const model = system.modelDir;
  if (!existsSync(path.join(model, "en-us.lm.bin"))) missing.push(`the English model in ${model}`);
  if (!(await libraryFolder(system))) missing.push(`the library ${LIBRARY}`);
  if (!compiler(system)) missing.push("a C compiler");
  if (missing.length === 0) return undefined;
  return `Offline speech needs ${missing.join(", ")}. On Debian: apt-get install ${speechPackages.join(" ")}`;
}

async function libraryFolder({ libraries }: System): Promise<string | undefined> {
  const multiarch = await readdir(libraries).catch(() => []); // Without that folder there is no library either.
  const folders = [libraries, ...multiarch.map((name) => path.join(libraries, name))];
  return folders.find((folder) => existsSync(path.join(folder, LIBRARY)));
}

function compiler({ programs }: System): string | undefined {
  return ["cc", "gcc", "g++", "clang"].map((name) => path.join(programs, name)).find((file) => existsSync(file));
}

/**
 * Compiles the recogniser into `folder` (about a second) unless this version is there, and returns the program's path.
 * Throws with the operator's sentence when something is not installed.
 */
export async function buildRecogniser(folder: string, system: System = debian): Promise<string> {
  const missing = await missingForSpeech(system);
  const [cc, libraries] = [compiler(system), await libraryFolder(system)];
  if (missing || !cc || !libraries) throw new Error(missing ?? "Offline speech cannot be built here.");
  const names = (await readdir(SOURCES)).filter((name) => /\.[ch]$/.test(name)).sort();
  const digest = createHash("sha256").update(process.arch);
  for (const name of names) digest.update(name).update(await readFile(path.join(SOURCES, name)));
  const program = path.join(folder, `recognise-${digest.digest("hex").slice(0, 16)}`);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  // Under a name of its own, then renamed: a second start at the same moment must not run half a program.
  const draft = `${program}.${randomUUID()}`;
  const files = names.filter((name) => name.endsWith(".c")).map((name) => path.join(SOURCES, name));
  const libs = [`-L${libraries}`, `-l:${LIBRARY}`, "-l:libsphinxbase.so.3", "-lm"];
  const language = cc.endsWith("++") ? ["-x", "c"] : [];
  try {
    await promisify(execFile)(cc, ["-O2", "-std=gnu11", ...language, "-o", draft, ...files, "-x", "none", ...libs]);
    await rename(draft, program);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new Error("The speech recogniser could not be compiled.", { cause });
  }
  return program;
}
