import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { open, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Log } from "@verbatim/hands/log";

/** Space kept for the moment when the disk is full: at 20 interviews about a quarter of an hour of speech. */
const RESERVE_BYTES = 256 * 1024 * 1024;
/** Below this the alarm is raised: at 20 interviews more than half an hour before the reserve is touched. */
const LOW_BYTES = 1024 * 1024 * 1024;
const PIECE_BYTES = 1 << 20;

const runFile = promisify(execFile);

/** A file that holds space for the spool, and the watch over what is left. */
export type Reserve = {
  /** Gives the space back at once; for the moment a write is refused. True when there was some. */
  free(): boolean;
  /** Looks at the disk; makes the reserve when there is plenty. Call it at start and once a minute. */
  check(signal: AbortSignal): Promise<void>;
  readonly freeBytes: number | undefined;
  readonly held: boolean;
};

export function createReserve(options: {
  readonly spoolDir: string;
  readonly instance: string;
  readonly log: Log;
  readonly bytes?: number;
}): Reserve {
  const { spoolDir, log } = options;
  const bytes = options.bytes ?? RESERVE_BYTES;
  const path = join(spoolDir, `.${options.instance}.reserve`);
  let freeBytes: number | undefined;
  let held = false;
  let low = false;

  const make = async (signal: AbortSignal): Promise<void> => {
    const making = `${path}.new`;
    try {
      if (!(await allocate(making, bytes))) await fill(making, bytes, signal);
    } catch (cause) {
      await rm(making, { force: true });
      throw cause;
    }
    if (signal.aborted) return await rm(making, { force: true });
    await rename(making, path);
    held = true;
  };

  return {
    free() {
      if (!held) return false;
      held = false;
      rmSync(path, { force: true });
      log.error("disk.reserve_freed", { bytes });
      return true;
    },
    async check(signal) {
      try {
        held ||= (await stat(path).catch(() => undefined))?.size === bytes;
        const disk = await statfs(spoolDir);
        freeBytes = disk.bavail * disk.bsize;
        const isLow = freeBytes < LOW_BYTES;
        if (isLow && !low) log.error("disk.low", { freeBytes });
        low = isLow;
        if (!held && freeBytes > 4 * bytes) await make(signal);
      } catch (cause) {
        log.warn("disk.check_failed", { cause });
      }
    },
    get freeBytes() {
      return freeBytes;
    },
    get held() {
      return held;
    },
  };
}

/** Has the file system set the space aside, which costs it nothing. False where it cannot, or the tool is missing. */
async function allocate(path: string, bytes: number): Promise<boolean> {
  try {
    await runFile("fallocate", ["--length", String(bytes), path]);
    return true;
  } catch {
    // Not every system has util-linux, and not every file system can: the space is written then.
    return false;
  }
}

/** Written, not only sized: a sparse file holds no space. */
async function fill(path: string, bytes: number, signal: AbortSignal): Promise<void> {
  await using file = await open(path, "w", 0o600);
  const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes));
  for (let at = 0; at < bytes && !signal.aborted; at += piece.length) await file.write(piece, 0, piece.length, at);
  await file.datasync();
}
