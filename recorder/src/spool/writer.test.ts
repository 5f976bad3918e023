import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { anyLog } from "../../test/spool-samples.ts";
import { temporary } from "../../test/temporary.ts";
import { openLog } from "./reader.ts";
import { encodeRecord } from "./record.ts";
import { openLogWriter } from "./writer.ts";

const mark = (atUs: number) => ({ type: "mark" as const, mark: { type: "mute" as const, atUs } });
const packet = (arrivalUs: number, bytes = 80) => ({
  arrivalUs,
  sequence: arrivalUs & 0xffff,
  rtpTime: arrivalUs,
  payload: Buffer.alloc(bytes, arrivalUs),
});

function failingSync() {
  const disk = {
    refuse: undefined as string | undefined,
    calls: 0,
    faults: [] as unknown[],
    onFault: (fault: unknown) => void disk.faults.push(fault),
    file: {
      write: writeSync,
      datasync: async () => {
        disk.calls += 1;
        if (disk.refuse) throw Object.assign(new Error("bad disk"), { code: disk.refuse });
      },
    },
  };
  return disk;
}

describe("a log's writer", () => {
  it("invariant: what it flushed is what was appended, whatever its size", () => {
    using dir = temporary();
    let n = 0;
    fc.assert(
      fc.property(anyLog, (records) => {
        const path = join(dir.path, `${n++}.spool`);
        const log = openLogWriter(path);
        for (const [i, record] of records.entries()) {
          if (record.type === "media") log.appendMedia(record);
          else log.append(record);
          if (i % 3 === 0) log.flush();
        }
        log.close();
        expect(readFileSync(path).equals(Buffer.concat(records.map(encodeRecord)))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("goes on at the end of what is there", () => {
    using dir = temporary();
    const path = join(dir.path, "a.spool");
    for (const atUs of [1, 2]) {
      const log = openLogWriter(path);
      log.append(mark(atUs));
      log.close();
    }
    using log = openLog(path);
    expect(log.read()).toHaveLength(2);
  });

  it("invariant: on a disk that takes part of a write, nothing, or everything at random, the log is always a prefix", () => {
    using dir = temporary();
    let n = 0;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 200 }), { minLength: 1, maxLength: 60 }), (room) => {
        const path = join(dir.path, `${n++}.spool`);
        let i = 0;
        let healed = false;
        const log = openLogWriter(path, {
          file: {
            write: (fd, bytes, from, length, position) => {
              const give = healed ? length : room[i++ % room.length]!;
              if (give < 0) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
              return writeSync(fd, bytes, from, Math.min(length, give), position);
            },
            datasync: async () => {},
          },
        });
        for (let at = 0; at < 50; at++) {
          log.appendMedia(packet(at));
          if (at % 4 === 0) log.flush();
          using reader = openLog(path);
          expect(reader.read().map((entry) => entry.type === "media" && entry.arrivalUs)).toEqual(
            Array.from({ length: Math.floor(log.size / (9 + 14 + 80)) }, (_, k) => k),
          );
        }
        healed = true;
        expect(log.flush()).toBe(true);
        log.close();
        using reader = openLog(path);
        expect(reader.read()).toHaveLength(50);
      }),
      { numRuns: 40 },
    );
  });

  it("gives up media beyond its bound while the disk takes nothing, counts it, and keeps marks", () => {
    using dir = temporary();
    const path = join(dir.path, "a.spool");
    let full = true;
    const log = openLogWriter(path, {
      heldBytesMax: 1000,
      file: {
        write: (fd, bytes, from, length, position) => {
          if (full) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
          return writeSync(fd, bytes, from, length, position);
        },
        datasync: async () => {},
      },
    });
    for (let at = 0; at < 100; at++) log.appendMedia(packet(at));
    log.append(mark(100));
    expect(log.flush()).toBe(false);
    expect(log.dropped).toBe(91);
    full = false;
    log.close();
    using reader = openLog(path);
    expect(reader.read().map(({ type }) => type)).toEqual([...Array.from({ length: 9 }, () => "media"), "mark"]);
  });

  it("says that nothing is durable while the disk is full, and syncs only what is new", async () => {
    using dir = temporary();
    const disk = failingSync();
    const log = openLogWriter(join(dir.path, "a.spool"), disk);
    log.append(mark(1));
    disk.refuse = "ENOSPC";
    expect(await log.sync()).toBe(false);
    disk.refuse = undefined;
    expect(await log.sync()).toBe(true);
    expect(await log.sync()).toBe(true);
    expect([disk.calls, log.doubtful, disk.faults.length]).toEqual([2, false, 1]);
    log.close();
  });

  it("never calls anything durable after a sync that failed: the next one would succeed without what was lost", async () => {
    using dir = temporary();
    const disk = failingSync();
    const log = openLogWriter(join(dir.path, "a.spool"), disk);
    log.append(mark(1));
    disk.refuse = "EIO";
    expect(await log.sync()).toBe(false);
    disk.refuse = undefined;
    expect([await log.sync(), log.doubtful]).toEqual([false, true]);
    log.close();
  });
});
