import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { recordType } from "@verbatim/shared/spool/format";
import { anyRecord, runHeader } from "../../test/spool-samples.ts";
import { crc32c } from "./crc32c.ts";
import { decodeRecord, encodeRecord } from "./record.ts";

describe("a spool record", () => {
  it("invariant: decodes to what was encoded", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(20), (record, before) => {
        const bytes = Buffer.concat([Buffer.alloc(before), encodeRecord(record)]);
        expect(decodeRecord(bytes, before)).toEqual({ kind: "record", record, end: bytes.length });
      }),
    );
  });

  it("invariant: cut anywhere it is short, and never a record", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const bytes = encodeRecord(record);
        for (let cut = 0; cut < bytes.length; cut++) {
          expect(decodeRecord(bytes.subarray(0, cut), 0).kind).toBe("short");
        }
      }),
      { numRuns: 30 },
    );
  });

  it("invariant: with any one bit flipped it is never taken for a record", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), (record, place) => {
        const bytes = encodeRecord(record);
        const bit = place % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(["short", "damaged"]).toContain(decodeRecord(bytes, 0).kind);
      }),
      { numRuns: 2000 },
    );
  });

  it("invariant: random bytes neither throw nor decode", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 64 }), (bytes) => {
        expect(["short", "damaged"]).toContain(decodeRecord(Buffer.from(bytes), 0).kind);
      }),
      { numRuns: 5000 },
    );
  });

  it("is no record where a crashed file system left zeros", () => {
    expect(decodeRecord(Buffer.alloc(64), 0).kind).toBe("damaged");
  });

  it("is damaged when whole, but not of the words", () => {
    const bytes = encodeRecord({ type: "run", header: { ...runHeader, startSamples: -1 } });
    expect(decodeRecord(bytes, 0).kind).toBe("damaged");
  });

  it("of a newer type is passed over", () => {
    const bytes = encodeRecord({ type: "pcm", arrivalUs: 1, frame: Buffer.alloc(4) });
    bytes[4] = 200;
    bytes.writeUInt32LE(crc32c(bytes, 9, bytes.length, crc32c(Uint8Array.of(200))), 5);
    expect(recordType).not.toHaveProperty("200");
    expect(decodeRecord(bytes, 0)).toEqual({ kind: "unknown", end: bytes.length });
  });

  it("too long for a reader is refused by the writer", () => {
    expect(() => encodeRecord({ type: "pcm", arrivalUs: 0, frame: Buffer.alloc(1 << 20) })).toThrow(RangeError);
  });
});
