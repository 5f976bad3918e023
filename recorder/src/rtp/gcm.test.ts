import { createCipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { createGcmKey } from "./gcm.ts";

/** The same by OpenSSL's own GCM. */
function seal(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(key.length === 32 ? "aes-256-gcm" : "aes-128-gcm", key, iv);
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const key = fc.oneof(bytes(16), bytes(32));

describe("AES-GCM by one kept key", () => {
  it("invariant: opens what OpenSSL sealed, of any length", () => {
    fc.assert(
      fc.property(
        key,
        bytes(12),
        fc.uint8Array({ maxLength: 60 }),
        fc.uint8Array({ maxLength: 1500 }),
        fc.nat(9),
        (secret, iv, aad, plain, before) => {
          const data = Buffer.concat([Buffer.alloc(before), seal(secret, iv, aad, plain)]);
          const gcm = createGcmKey(secret);
          for (let again = 0; again < 2; again++) {
            const opened = gcm.open(iv, aad, aad.length, data, before, before + plain.length);
            expect(opened && Buffer.from(opened).equals(Buffer.from(plain))).toBe(true);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("opens every length from nothing to beyond the longest packet of a network, by either size of key", () => {
    const counting = Buffer.from(Array.from({ length: 1_600 }, (_, at) => (at * 7) & 0xff));
    for (const secret of [counting.subarray(0, 16), counting.subarray(0, 32)]) {
      const gcm = createGcmKey(secret);
      const iv = counting.subarray(40, 52);
      for (let length = 0; length <= counting.length; length++) {
        const plain = counting.subarray(0, length);
        const aad = counting.subarray(0, length % 40);
        const opened = gcm.open(iv, aad, aad.length, seal(secret, iv, aad, plain), 0, length);
        expect(opened?.equals(plain)).toBe(true);
      }
    }
  });

  it("invariant: any one flipped bit of text, tag or authenticated data is refused", () => {
    fc.assert(
      fc.property(
        key,
        bytes(12),
        bytes(12),
        fc.uint8Array({ maxLength: 1_500 }),
        fc.nat(),
        (secret, iv, aad, plain, place) => {
          const gcm = createGcmKey(secret);
          const all = Buffer.concat([aad, seal(secret, iv, aad, plain)]);
          const bit = place % (all.length * 8);
          all[bit >> 3]! ^= 1 << (bit & 7);
          expect(gcm.open(iv, all, 12, all, 12, 12 + plain.length)).toBeUndefined();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("opens the longest datagram, and refuses what is longer than any", () => {
    const secret = Buffer.alloc(16, 3);
    const iv = Buffer.alloc(12, 4);
    const gcm = createGcmKey(secret);
    for (const [length, opens] of [
      [65_524, true],
      [65_525, false],
    ] as const) {
      const plain = Buffer.alloc(length, 5);
      const opened = gcm.open(iv, iv, 12, seal(secret, iv, iv, plain), 0, length);
      expect(opened?.equals(plain) ?? false).toBe(opens);
    }
  });

  it("refuses lengths that do not fit the data", () => {
    const gcm = createGcmKey(Buffer.alloc(16));
    const data = Buffer.alloc(40);
    expect(gcm.open(Buffer.alloc(12), data, 12, data, 12, 30)).toBeUndefined();
    expect(gcm.open(Buffer.alloc(12), data, 12, data, 12, 11)).toBeUndefined();
  });
});
