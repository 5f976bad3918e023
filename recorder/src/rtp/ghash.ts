/**
 * GHASH of one key by Shoup's method: a table of the key's products with every byte, 4 kB. It works on words as they lie in
 * memory, byte 0 of a block lowest, so that nothing is turned around.
 *
 * Sixteen tables, one for each byte of a block, need no shifts and are a quarter faster in a loop. But packets come one by
 * one and find 64 kB of tables far from the core: capture as a whole took a quarter more (4 runs beside each other).
 */
export type Ghash = {
  /** Hash of `words[0, count)`, four to a block. The answer is overwritten by the next call of any key. */
  hash(words: Int32Array, count: number): Int32Array;
};

/** The sum so far, in words and in bytes. One for all keys, since no hash waits for anything. */
const sum = new Int32Array(4);
const sumBytes = new Uint8Array(sum.buffer);

/** Hash key of 16 bytes. */
export function createGhash(hashKey: Uint8Array): Ghash {
  const rows = productTable(hashKey);
  return {
    hash(words, count) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let at = 0; at < count; at += 4) {
        sum[0] = a ^ (words[at] ?? 0);
        sum[1] = b ^ (words[at + 1] ?? 0);
        sum[2] = c ^ (words[at + 2] ?? 0);
        sum[3] = d ^ (words[at + 3] ?? 0);
        a = b = c = d = 0;
        for (let byte = 15; byte >= 0; byte--) {
          const row = (sumBytes[byte] ?? 0) * 4;
          const carry = reduction[d >>> 24] ?? 0;
          d = ((d << 8) | (c >>> 24)) ^ (rows[row + 3] ?? 0);
          c = ((c << 8) | (b >>> 24)) ^ (rows[row + 2] ?? 0);
          b = ((b << 8) | (a >>> 24)) ^ (rows[row + 1] ?? 0);
          a = (a << 8) ^ carry ^ (rows[row] ?? 0);
        }
      }
      sum[0] = a;
      sum[1] = b;
      sum[2] = c;
      sum[3] = d;
      return sum;
    },
  };
}

/** What the byte shifted out at the end adds to the first two bytes; the same for every key. */
const reduction = reductionTable();

function reductionTable(): Int32Array {
  const rows = new Int32Array(256);
  const view = new DataView(rows.buffer);
  for (let byte = 0; byte < 256; byte++) {
    let carry = 0;
    // Bit 7 of the byte is shifted out last of the eight, so its remainder is moved the least.
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) carry ^= 0xe100 >>> (7 - bit);
    view.setUint16(byte * 4, carry);
  }
  return rows;
}

/** Products of the hash key with every byte standing at the front of a block. */
function productTable(hashKey: Uint8Array): Int32Array {
  const key = new DataView(hashKey.buffer, hashKey.byteOffset);
  const rows = new Int32Array(256 * 4);
  const view = new DataView(rows.buffer);
  let product = (key.getBigUint64(0) << 64n) | key.getBigUint64(8);
  for (let byte = 128; byte > 0; byte >>= 1) {
    view.setBigUint64(byte * 16, product >> 64n);
    view.setBigUint64(byte * 16 + 8, BigInt.asUintN(64, product));
    product = (product >> 1n) ^ (product & 1n ? 0xe1n << 120n : 0n);
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
