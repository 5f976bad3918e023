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

  it("invariant: any one flipped bit of text, tag or authenticated data is refused", () => {
    fc.assert(
      fc.property(key, bytes(12), bytes(12), bytes(50), fc.nat(), (secret, iv, aad, plain, place) => {
        const gcm = createGcmKey(secret);
        const all = Buffer.concat([aad, seal(secret, iv, aad, plain)]);
        const bit = place % (all.length * 8);
        all[bit >> 3]! ^= 1 << (bit & 7);
        expect(gcm.open(iv, all, 12, all, 12, 62)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses lengths that do not fit the data", () => {
    const gcm = createGcmKey(Buffer.alloc(16));
    const data = Buffer.alloc(40);
    expect(gcm.open(Buffer.alloc(12), data, 12, data, 12, 30)).toBeUndefined();
    expect(gcm.open(Buffer.alloc(12), data, 12, data, 12, 11)).toBeUndefined();
  });
});
