import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { RECORD_HEADER_BYTES, MAX_PAYLOAD_BYTES } from "@verbatim/shared/spool/format";
import { decodeRecord, type SpoolRecord } from "./record.ts";

/** A record and the byte after it: the cursor of a reader that has done with it. */
export type LogEntry = SpoolRecord & { readonly next: number };

/**
 * Follows one log while it is written. Pull: the caller decides when to look. A read that finds
 * nothing costs one fstat (1 µs), so looking every 50 ms is cheap.
 */
export type LogReader = Disposable & {
  /**
   * The records added since the last call, in order; at most about 1 MB of them (`more` says so).
   * Stops at the first record that is short or damaged and looks at the same place again next time:
   * a write under way completes, and a recovered log goes on where its damage was cut off.
   */
  read(): LogEntry[];
  /** True when the last `read` stopped because it had enough, not because it reached the end. */
  readonly more: boolean;
  /** Byte after the last record returned; give it to `openLog` to go on from here. */
  readonly offset: number;
  /** The log's end record was read: nothing will follow. */
  readonly ended: boolean;
  /** Bytes after `offset` that are no record now: a write under way, or damage. */
  readonly pendingBytes: number;
  close(): void;
};

/** Enough for one read, and for the longest record. */
const READ_BYTES = MAX_PAYLOAD_BYTES + RECORD_HEADER_BYTES;

/** Opens a log at a cursor. The file may not exist yet, may be damaged and may grow; nothing here throws for that. */
export function openLog(path: string, from = 0): LogReader {
  let fd: number | undefined;
  let closed = false;
  let offset = from;
  let more = false;
  let ended = false;
  let pendingBytes = 0;

  const bytesAfter = (cursor: number): Buffer | undefined => {
    try {
      fd ??= openSync(path, "r");
      const there = fstatSync(fd).size - cursor;
      if (there <= 0) return undefined;
      const buffer = Buffer.allocUnsafeSlow(Math.min(there, READ_BYTES));
      const got = readSync(fd, buffer, 0, buffer.length, cursor);
      more = got === READ_BYTES && there > READ_BYTES;
      return buffer.subarray(0, got);
    } catch {
      // Not made yet, deleted, or a disk error: nothing new to say now; the next look tries again.
      return undefined;
    }
  };

  const read = (): LogEntry[] => {
    const entries: LogEntry[] = [];
    more = false;
    if (closed || ended) return entries;
    const bytes = bytesAfter(offset);
    if (!bytes) {
      pendingBytes = 0;
      return entries;
    }
    let at = 0;
    while (at < bytes.length && !ended) {
      const decoded = decodeRecord(bytes, at);
      if (decoded.kind === "short") break;
      if (decoded.kind === "damaged") {
        more = false;
        break;
      }
      at = decoded.end;
      if (decoded.kind === "unknown") continue;
      entries.push({ ...decoded.record, next: offset + at });
      if (decoded.record.type === "end") {
        ended = true;
        more = false;
      }
    }
    offset += at;
    pendingBytes = bytes.length - at;
    return entries;
  };

  const close = (): void => {
    closed = true;
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };

  return {
    read,
    close,
    [Symbol.dispose]: close,
    get more() {
      return more;
    },
    get offset() {
      return offset;
    },
    get ended() {
      return ended;
    },
    get pendingBytes() {
      return pendingBytes;
    },
  };
}
