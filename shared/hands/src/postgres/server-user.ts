import { execFile, spawnSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Who runs the server process: nobody special, or as root an OS user of its own, since PostgreSQL refuses root. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined;

const NAME = "verbatim-postgres";

/** Finds that user, and makes it where it is missing. `undefined` when we are not root. */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return undefined;
  let fault: unknown;
  // Two starts on one machine may both try to make it; the loser finds it in the next round.
  for (let attempt = 0; attempt < 20; attempt++) {
    const found = await lookUp();
    if (found) return found;
    await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]).catch(
      (thrown: unknown) => (fault = thrown),
    );
    if (fault) await delay(100);
  }
  throw new Error(`Could not make the OS user ${NAME} that PostgreSQL needs; make it with: useradd --system ${NAME}`, {
    cause: fault,
  });
}

async function lookUp(): Promise<ServerUser> {
  try {
    const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => run("id", [flag, NAME])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  } catch {
    return undefined; // `id` exits 1 for a user that does not exist yet.
  }
}

/** Throws with the reason when that user could not enter the folder, which every parent may forbid. */
export function assertReachable(folder: string, user: ServerUser): void {
  if (user === undefined) return;
  const seen = spawnSync("/usr/bin/test", ["-x", folder], { uid: user.uid, gid: user.gid, cwd: "/" });
  if (seen.status !== 0) {
    throw new Error(
      `PostgreSQL runs as the OS user ${NAME}, which cannot enter ${folder}: a folder above it is closed to others. ` +
        `Set DATA_DIR to a place outside it, for example /var/lib/verbatim.`,
    );
  }
}
