import { createCipheriv } from "node:crypto";
import { u32 } from "./packet.ts";

/**
 * AES-GCM opening of many small packets under one key. A new `createDecipheriv` per packet costs 17 µs here,
 * nearly all of it for making the object; one ECB object kept for the key's life gives the same key stream in
 * 1.3 µs, and GHASH by a table of the key takes 1 µs for an Opus packet. AES itself stays in OpenSSL.
 */
export type GcmKey = {
  /**
   * The plain text of `data[from, to)`, whose tag is the 16 bytes after it, or undefined when the tag does
   * not match. `aad[0, aadBytes)` is authenticated with it. `iv` has 12 bytes.
   */
  open(
    iv: Uint8Array,
    aad: Uint8Array,
    aadBytes: number,
    data: Uint8Array,
    from: number,
    to: number,
  ): Buffer | undefined;
};

export const GCM_TAG_BYTES = 16;
const BLOCK = 16;
/** Longer than any datagram: a packet that needs more was never one of ours. */
const MAX_BLOCKS = 4100;

/** Key of 16 or 32 bytes. */
export function createGcmKey(key: Uint8Array): GcmKey {
  const ecb = createCipheriv(key.length === 32 ? "aes-256-ecb" : "aes-128-ecb", key, null).setAutoPadding(false);
  const table = productTable(ecb.update(Buffer.alloc(BLOCK)));
  let counters = Buffer.alloc(BLOCK * 16);

  /** Encrypted counter blocks: the first covers the tag, the others the text. */
  const keyStream = (iv: Uint8Array, blocks: number): Buffer => {
    if (counters.length < blocks * BLOCK) counters = Buffer.alloc(blocks * BLOCK * 2);
    for (let n = 0, at = 0; n < blocks; n++, at += BLOCK) {
      counters.set(iv, at);
      counters.writeUInt32BE(n + 1, at + 12);
    }
    return ecb.update(counters.subarray(0, blocks * BLOCK));
  };

  const z = new Uint32Array(4);
  return {
    open(iv, aad, aadBytes, data, from, to) {
      const length = to - from;
      if (length < 0 || to + GCM_TAG_BYTES > data.length || length > (MAX_BLOCKS - 1) * BLOCK) return undefined;
      const stream = keyStream(iv, 1 + Math.ceil(length / BLOCK));
      z.fill(0);
      absorb(z, table, aad, 0, aadBytes);
      absorb(z, table, data, from, to);
      // The lengths in bits; both are far below 2^32.
      z[1] = (z[1] ?? 0) ^ (aadBytes * 8);
      z[3] = (z[3] ?? 0) ^ (length * 8);
      multiply(z, table);
      let differs = 0;
      for (let n = 0; n < GCM_TAG_BYTES; n++) {
        const hash = ((z[n >> 2] ?? 0) >>> (24 - 8 * (n & 3))) & 0xff;
        differs |= hash ^ (stream[n] ?? 0) ^ (data[to + n] ?? 0);
      }
      if (differs !== 0) return undefined;
      const plain = stream.subarray(BLOCK, BLOCK + length);
      for (let n = 0; n < length; n++) plain[n] = (plain[n] ?? 0) ^ (data[from + n] ?? 0);
      return plain;
    },
  };
}

/** Folds `bytes[from, to)` into the hash, the last block filled up with zeros. */
function absorb(z: Uint32Array, table: Uint32Array, bytes: Uint8Array, from: number, to: number): void {
  let at = from;
  for (; at + BLOCK <= to; at += BLOCK) {
    z[0] = (z[0] ?? 0) ^ u32(bytes, at);
    z[1] = (z[1] ?? 0) ^ u32(bytes, at + 4);
    z[2] = (z[2] ?? 0) ^ u32(bytes, at + 8);
    z[3] = (z[3] ?? 0) ^ u32(bytes, at + 12);
    multiply(z, table);
  }
  if (at === to) return;
  for (let n = 0; at < to; n++, at++) z[n >> 2] = (z[n >> 2] ?? 0) ^ ((bytes[at] ?? 0) << (24 - 8 * (n & 3)));
  multiply(z, table);
}

/** Multiplies by the hash key, a byte at a time from the last, by Shoup's method. */
function multiply(z: Uint32Array, table: Uint32Array): void {
  let z0 = 0;
  let z1 = 0;
  let z2 = 0;
  let z3 = 0;
  for (let n = 3; n >= 0; n--) {
    let word = z[n] ?? 0;
    for (let byte = 0; byte < 4; byte++) {
      const row = (word & 0xff) << 2;
      word >>>= 8;
      const carry = reduction[z3 & 0xff] ?? 0;
      z3 = ((z3 >>> 8) | (z2 << 24)) ^ (table[row + 3] ?? 0);
      z2 = ((z2 >>> 8) | (z1 << 24)) ^ (table[row + 2] ?? 0);
      z1 = ((z1 >>> 8) | (z0 << 24)) ^ (table[row + 1] ?? 0);
      z0 = (z0 >>> 8) ^ (carry << 16) ^ (table[row] ?? 0);
    }
  }
  z[0] = z0;
  z[1] = z1;
  z[2] = z2;
  z[3] = z3;
}

/** What the byte shifted out at the end adds to the first sixteen bits; the same for every key. */
const reduction = reductionTable();

function reductionTable(): Uint16Array {
  const rows = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    let sum = 0;
    // Bit 7 of the byte is shifted out last of the eight, so its remainder is moved the least.
    for (let bit = 0; bit < 8; bit++) {
      if (rest & 1) sum ^= 0xe100 >>> (7 - bit);
      rest >>>= 1;
    }
    rows[byte] = sum;
  }
  return rows;
}

/** Products of the hash key with every byte standing at the front of a block. */
function productTable(hashKey: Uint8Array): Uint32Array {
  const view = new DataView(hashKey.buffer, hashKey.byteOffset, BLOCK);
  const rows = new Uint32Array(256 * 4);
  let v = [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)] as const;
  for (let byte = 128; byte > 0; byte >>= 1) {
    rows.set(v, byte * 4);
    const [a, b, c, d] = v;
    v = [(a >>> 1) ^ (d & 1 ? 0xe1000000 : 0), (b >>> 1) | (a << 31), (c >>> 1) | (b << 31), (d >>> 1) | (c << 31)];
  }
  for (let byte = 2; byte < 256; byte++) {
    const top = 1 << (31 - Math.clz32(byte));
    if (top === byte) continue;
    for (let word = 0; word < 4; word++) {
      rows[byte * 4 + word] = (rows[top * 4 + word] ?? 0) ^ (rows[(byte - top) * 4 + word] ?? 0);
    }
  }
  return rows;
}
