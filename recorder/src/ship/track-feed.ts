import { join } from "node:path";
import type { TrackHeader } from "@verbatim/shared/spool/format";
import { type LogEntry, type LogReader, openLog } from "../spool/reader.ts";

/** One track's log, followed without holding more of it than a few minutes, however long the store is away. */
export type TrackFeed = Disposable & {
  readonly file: string;
  readonly header: TrackHeader | undefined;
  /** Arrival of the last packet in the log, recording host's µs. */
  readonly lastPacketUs: number | undefined;
  /** Reads what is new. False when there is more to read at once. */
  look(): boolean;
  /** Gives the records up to an arrival, in order, each once. */
  take(untilUs: number): Generator<LogEntry>;
};

/** About three minutes of a speaker. */
const HELD_RECORDS = 10_000;

export function openTrackFeed(dir: string, file: string, heldRecords = HELD_RECORDS): TrackFeed {
  const path = join(dir, file);
  const log = openLog(path);
  let held: LogEntry[] = [];
  let next = 0;
  /** Reads on to the end for the last packet's sake, while `log` waits for `held` to be taken. */
  let scout: LogReader | undefined;
  let header: TrackHeader | undefined;
  let lastPacketUs: number | undefined;

  const notice = (entries: readonly LogEntry[]): void => {
    for (const entry of entries) {
      if (entry.type === "track") header = entry.header;
      else if (entry.type === "media" || entry.type === "pcm")
        lastPacketUs = Math.max(lastPacketUs ?? 0, entry.arrivalUs);
    }
  };

  const fill = (): boolean => {
    if (held.length - next >= heldRecords) return false;
    const entries = log.read();
    if (next > 0) {
      held = held.slice(next);
      next = 0;
    }
    held.push(...entries);
    notice(entries);
    return entries.length > 0;
  };

  const look = (): boolean => {
    if (held.length - next < heldRecords) {
      fill();
      if (log.offset >= (scout?.offset ?? 0)) {
        scout?.close();
        scout = undefined;
      }
      if (!scout) return !log.more;
    }
    scout ??= openLog(path, log.offset);
    notice(scout.read());
    return !scout.more;
  };

  return {
    file,
    look,
    *take(untilUs) {
      for (;;) {
        const entry = held[next];
        if (!entry) {
          if (!fill()) return;
          continue;
        }
        if (momentOf(entry) > untilUs) return;
        next += 1;
        yield entry;
      }
    },
    get header() {
      return header;
    },
    get lastPacketUs() {
      return lastPacketUs;
    },
    [Symbol.dispose]() {
      log.close();
      scout?.close();
    },
  };
}

export function momentOf(entry: LogEntry): number {
  switch (entry.type) {
    case "media":
    case "pcm":
      return entry.arrivalUs;
    case "report":
      return entry.report.arrivalUs;
    // A mark says when something began, not when it was written; it must not hold up the packets behind it.
    case "mark":
    default:
      return Number.NEGATIVE_INFINITY;
  }
}
