import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { anyLog } from "../../test/spool-samples.ts";
import { temporary } from "../../test/temporary.ts";
import { openLog, type LogEntry } from "./reader.ts";
import { encodeRecord, type SpoolRecord } from "./record.ts";

const withoutCursor = (entries: readonly LogEntry[]): SpoolRecord[] =>
  entries.map((entry) => {
    const record: SpoolRecord & { next?: number } = { ...entry };
    delete record.next;
    return record;
  });

const encodeAll = (records: readonly SpoolRecord[]): Buffer => Buffer.concat(records.map(encodeRecord));

describe("a log's reader", () => {
  it("invariant: of every prefix gives exactly the whole records", () => {
    using dir = temporary();
    const path = join(dir.path, "a.spool");
    fc.assert(
      fc.property(anyLog, fc.nat(), (records, cut) => {
        const bytes = encodeAll(records);
        const length = cut % (bytes.length + 1);
        writeFileSync(path, bytes.subarray(0, length));
        using log = openLog(path);
        const read = log.read();
        expect(withoutCursor(read)).toEqual(records.slice(0, read.length));
        expect(log.offset).toBe(encodeAll(records.slice(0, read.length)).length);
        expect(log.offset + log.pendingBytes).toBe(length);
        // No whole record was left behind.
        const following = records[read.length];
        if (following) expect(log.offset + encodeRecord(following).length).toBeGreaterThan(length);
      }),
      { numRuns: 300 },
    );
  });

  it("invariant: of a log with a flipped bit gives exactly the records before it", () => {
    using dir = temporary();
    const path = join(dir.path, "a.spool");
    fc.assert(
      fc.property(anyLog, fc.nat(), (records, place) => {
        const bytes = encodeAll(records);
        const bit = place % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        writeFileSync(path, bytes);
        using log = openLog(path);
        const read = log.read();
        expect(withoutCursor(read)).toEqual(records.slice(0, read.length));
        const end = encodeAll(records.slice(0, read.length + 1)).length;
        expect(bit >> 3).toBeGreaterThanOrEqual(log.offset);
        expect(bit >> 3).toBeLessThan(end);
      }),
      { numRuns: 500 },
    );
  });

  it("invariant: following a log that grows in any pieces gives the same as reading it once", () => {
    using dir = temporary();
    let n = 0;
    fc.assert(
      fc.property(anyLog, fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1 }), (records, steps) => {
        const path = join(dir.path, `${n++}.spool`);
        const bytes = encodeAll(records);
        let log = openLog(path);
        const seen: LogEntry[] = [...log.read()];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const step = steps[i % steps.length]!;
          appendFileSync(path, bytes.subarray(at, at + step));
          at += step;
          seen.push(...log.read());
          // A reader that starts again from its cursor sees the same.
          if (i % 3 === 0) {
            log.close();
            log = openLog(path, log.offset);
          }
        }
        seen.push(...log.read());
        log.close();
        expect(withoutCursor(seen)).toEqual(records);
      }),
      { numRuns: 100 },
    );
  });

  it("goes on after a torn tail was cut off and the log was ended", () => {
    using dir = temporary();
    const path = join(dir.path, "a.spool");
    const good = encodeRecord({ type: "mark", mark: { type: "mute", atUs: 1 } });
    writeFileSync(path, Buffer.concat([good, Buffer.alloc(30)]));
    using log = openLog(path);
    expect(log.read()).toHaveLength(1);
    expect(log.pendingBytes).toBe(30);
    truncateSync(path, good.length);
    appendFileSync(path, encodeRecord({ type: "end", end: { atUs: 2, atSamples: 0, reason: "recovered" } }));
    expect(log.read().map(({ type }) => type)).toEqual(["end"]);
    expect(log.ended).toBe(true);
  });

  it("gives a long log in pieces, and says that there is more", () => {
    using dir = temporary();
    const path = join(dir.path, "a.spool");
    const frame = encodeRecord({ type: "pcm", arrivalUs: 1, frame: Buffer.alloc(100_000) });
    writeFileSync(path, Buffer.concat(Array.from({ length: 35 }, () => frame)));
    using log = openLog(path);
    let records = 0;
    let reads = 0;
    do {
      records += log.read().length;
      reads += 1;
    } while (log.more);
    expect(records).toBe(35);
    expect(reads).toBeGreaterThan(2);
  });

  it("of a file that is not there gives nothing, until it is there", () => {
    using dir = temporary();
    const path = join(dir.path, "later.spool");
    using log = openLog(path);
    expect(log.read()).toEqual([]);
    writeFileSync(path, encodeRecord({ type: "mark", mark: { type: "mute", atUs: 1 } }));
    expect(log.read()).toHaveLength(1);
  });
});
