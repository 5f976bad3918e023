import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  truncateSync,
} from "node:fs";
import { pipeline } from "node:stream/promises";
import { readdir, open as openFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { positionAt } from "@verbatim/shared/clock";
import { CONTROL_LOG, type RunEnd, type RunHeader } from "@verbatim/shared/spool/format";
import type { Log } from "@verbatim/hands/log";
import { decodeRecord } from "../spool/record.ts";
import { openLog, type LogEntry } from "../spool/reader.ts";
import { trackFiles } from "../spool/open-run.ts";
import { readRunHeader } from "../spool/runs.ts";
import { openLogWriter } from "../spool/writer.ts";

/** Directories of runs that an earlier process of this instance left, oldest name first. List them before making new ones. */
export async function leftRuns(spoolDir: string, instance: string): Promise<string[]> {
  const dir = join(spoolDir, instance);
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const { name } of entries) {
    // A run that was still being made: no packet was ever written to it.
    if (name.endsWith(".new")) rmSync(join(dir, name), { recursive: true, force: true });
  }
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.includes("."))
    .map((entry) => join(dir, entry.name))
    .toSorted();
}

/**
 * Ends a run that its process left open: each log is cut to its last good record (what stood behind is kept beside it)
 * and told where the run stood. True when there was something to do. Gives way to packets between pieces.
 */
export async function recoverRun(dir: string, log: Log): Promise<boolean> {
  const header = readRunHeader(dir);
  if (!header) {
    // Without its header nobody can read the run. It is put aside for an operator, not deleted.
    log.error("run.unreadable", { dir });
    renameSync(dir, `${dir}.unreadable`);
    return true;
  }
  const files = [...trackFiles(dir), CONTROL_LOG];
  if (files.every((file) => isEnded(join(dir, file)))) return false;
  const scans: Scan[] = [];
  for (const file of files) scans.push(await scan(join(dir, file)));
  const end = scans.find((found) => found.end)?.end ?? endAt(header, Math.max(...scans.map(({ lastUs }) => lastUs)));
  // The control log last: its end tells readers that the tracks are whole.
  for (const found of scans) await finish(found, end, log);
  log.warn("run.recovered", { runId: header.runId, interviewId: header.interviewId, atSamples: end.atSamples });
  return true;
}

type Scan = {
  readonly path: string;
  readonly goodBytes: number;
  readonly badBytes: number;
  readonly lastUs: number;
  readonly end: RunEnd | undefined;
};

async function scan(path: string): Promise<Scan> {
  using reader = openLog(path);
  let lastUs = 0;
  let end: RunEnd | undefined;
  do {
    for (const entry of reader.read()) {
      lastUs = Math.max(lastUs, momentOf(entry));
      if (entry.type === "end") end = entry.end;
    }
    await setImmediate();
  } while (reader.more);
  return { path, goodBytes: reader.offset, badBytes: reader.pendingBytes, lastUs, end };
}

async function finish(found: Scan, end: RunEnd, log: Log): Promise<void> {
  const { path, goodBytes } = found;
  if (found.badBytes > 0) {
    log.warn("run.tail_cut", { path, goodBytes, badBytes: found.badBytes });
    await keepTail(path, goodBytes);
    truncateSync(path, goodBytes);
  }
  if (!found.end) {
    const writer = openLogWriter(path);
    writer.append({ type: "end", end });
    await writer.sync();
    writer.close();
  } else if (found.badBytes > 0) {
    await using file = await openFile(path, "r+");
    await file.datasync();
  }
}

/** Copies what is cut off to a file beside it, whose name no reader takes for a log. */
async function keepTail(path: string, from: number): Promise<void> {
  await pipeline(createReadStream(path, { start: from }), createWriteStream(`${path}.${from}.tail`, { mode: 0o600 }));
}

function momentOf(entry: LogEntry): number {
  switch (entry.type) {
    case "media":
    case "pcm":
      return entry.arrivalUs;
    case "report":
      return entry.report.arrivalUs;
    case "mark":
      return entry.mark.atUs;
    case "heartbeat":
      return entry.heartbeat.atUs;
    case "end":
      return entry.end.atUs;
    case "run":
    case "track":
    case "control":
      return 0;
  }
}

function endAt(header: RunHeader, lastUs: number): RunEnd {
  const startUs = header.clock.startUs + Math.ceil((header.startSamples * 1_000_000) / 48_000);
  const atUs = Math.max(lastUs, startUs);
  return { atUs, atSamples: Math.max(0, positionAt(header.clock, atUs)), reason: "recovered" };
}

/** Longer than any end record. */
const END_BYTES_MAX = 256;

/** Looks only at the last bytes: a spool may hold hours of runs that wait for the store. */
function isEnded(path: string): boolean {
  const fd = openSync(path, "r");
  try {
    const size = fstatSync(fd).size;
    const tail = Buffer.alloc(Math.min(size, END_BYTES_MAX));
    readSync(fd, tail, 0, tail.length, size - tail.length);
    for (let at = 0; at < tail.length; at++) {
      const decoded = decodeRecord(tail, at);
      if (decoded.kind === "record" && decoded.end === tail.length && decoded.record.type === "end") return true;
    }
    return false;
  } finally {
    closeSync(fd);
  }
}
