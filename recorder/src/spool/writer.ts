import { closeSync, constants, openSync, fstatSync, writeSync, fdatasync } from "node:fs";
import { promisify } from "node:util";
import { encodeMedia, encodeRecord, mediaRecordBytes, type MediaPacket, type SpoolRecord } from "./record.ts";

const fdatasyncOf = promisify(fdatasync);

/**
 * Appends records to one log. `append` only encodes into memory; `flush` hands everything to the kernel
 * in one write, after which it survives the death of this process; `sync` makes it survive the machine's.
 * The owner calls `flush` at the latest 20 ms and `sync` at the latest 1 s after an append.
 *
 * A full or failing disk throws nothing: what was not written stays in memory, in order and without a torn
 * record, and is written when there is room again. Beyond `heldBytesMax` media is dropped and counted.
 */
export type LogWriter = {
  append(record: SpoolRecord): void;
  /** The hot path: one packet, no intermediate objects. */
  appendMedia(packet: MediaPacket): void;
  /** Writes what was appended. False when the disk did not take all of it. */
  flush(): boolean;
  /** Flushes, then fdatasync. False when something of it is not on the disk. Skips the call when nothing is new. */
  sync(): Promise<boolean>;
  /** Flushes and closes the file. What the disk refused until now is lost with this object. */
  close(): void;
  /**
   * A sync failed for another reason than a full disk. The kernel may have given up what it held, and a later sync
   * says nothing of that: this file's durability cannot be known any more, only a new file's can.
   */
  readonly doubtful: boolean;
  /** Bytes of the file that the kernel took. */
  readonly size: number;
  /** Bytes that wait for the disk to take them. */
  readonly heldBytes: number;
  /** Media records given up because the disk took nothing for too long. */
  readonly dropped: number;
};

/** The few calls of `node:fs` that a log needs; a test gives failing ones. */
export type LogFile = {
  readonly write: (fd: number, bytes: Buffer, from: number, length: number, position: number) => number;
  readonly datasync: (fd: number) => Promise<void>;
};

const realFile: LogFile = { write: writeSync, datasync: fdatasyncOf };

const FIRST_BYTES = 8 * 1024;
/** About ten minutes of one speaker's Opus. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;

/** Opens a log for appending at its end; makes it when it is not there. Only one writer may have it. */
export function openLogWriter(
  path: string,
  options: {
    readonly file?: LogFile;
    readonly heldBytesMax?: number;
    /** Told of every refused write or sync, with the system's error. */
    readonly onFault?: (fault: unknown) => void;
  } = {},
): LogWriter {
  const file = options.file ?? realFile;
  const heldBytesMax = options.heldBytesMax ?? HELD_BYTES_MAX;
  // Not O_APPEND: a write of which the disk took half goes on at a known place.
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  let position = fstatSync(fd).size;
  let synced = 0;
  let buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let from = 0;
  let to = 0;
  let dropped = 0;
  let open = true;
  let doubtful = false;

  const room = (bytes: number): void => {
    if (to + bytes <= buffer.length) return;
    const held = to - from;
    let size = buffer.length;
    while (size < held + bytes) size *= 2;
    const next = size === buffer.length ? buffer : Buffer.allocUnsafeSlow(size);
    buffer.copy(next, 0, from, to);
    buffer = next;
    from = 0;
    to = held;
  };

  const flush = (): boolean => {
    try {
      while (from < to) {
        const took = file.write(fd, buffer, from, to - from, position);
        from += took;
        position += took;
        if (took === 0) return false;
      }
    } catch (fault) {
      options.onFault?.(fault);
      return false;
    }
    from = 0;
    to = 0;
    return true;
  };

  return {
    append(record) {
      const bytes = encodeRecord(record);
      if (record.type === "pcm" && to - from + bytes.length > heldBytesMax) {
        dropped += 1;
        return;
      }
      room(bytes.length);
      buffer.set(bytes, to);
      to += bytes.length;
    },
    appendMedia(packet) {
      const bytes = mediaRecordBytes(packet.payload.length);
      if (to - from + bytes > heldBytesMax) {
        dropped += 1;
        return;
      }
      room(bytes);
      to = encodeMedia(buffer, to, packet);
    },
    flush,
    async sync() {
      const all = flush();
      const target = position;
      if (target > synced) {
        try {
          await file.datasync(fd);
          synced = target;
        } catch (fault) {
          if (!isFull(fault)) doubtful = true;
          options.onFault?.(fault);
          return false;
        }
      }
      return all && !doubtful;
    },
    close() {
      if (!open) return;
      open = false;
      flush();
      closeSync(fd);
    },
    get doubtful() {
      return doubtful;
    },
    get size() {
      return position;
    },
    get heldBytes() {
      return to - from;
    },
    get dropped() {
      return dropped;
    },
  };
}

/** The disk, or the user's share of it, is full: nothing is broken, and it may have room again. */
export function isFull(fault: unknown): boolean {
  return fault instanceof Error && "code" in fault && (fault.code === "ENOSPC" || fault.code === "EDQUOT");
}
