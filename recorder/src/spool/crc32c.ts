/**
 * CRC-32C (Castagnoli), the checksum of spool records. `zlib.crc32` is the other polynomial.
 * Four tables, four bytes a step: 1.1 ns per byte here, 0.1 µs for an Opus packet.
 */
const POLYNOMIAL = 0x82f63b78;

const tables: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] = [table(), table(), table(), table()];
fill();

function table(): Uint32Array {
  return new Uint32Array(256);
}

function fill(): void {
  const [t0, t1, t2, t3] = tables;
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    t0[byte] = crc;
  }
  for (let byte = 0; byte < 256; byte++) {
    const one = t0[byte] ?? 0;
    const two = (one >>> 8) ^ (t0[one & 0xff] ?? 0);
    const three = (two >>> 8) ^ (t0[two & 0xff] ?? 0);
    t1[byte] = two;
    t2[byte] = three;
    t3[byte] = (three >>> 8) ^ (t0[three & 0xff] ?? 0);
  }
}

/** Checksum of `bytes[from, to)`, going on from `previous` (the checksum of what came before). */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length, previous = 0): number {
  const [t0, t1, t2, t3] = tables;
  let crc = ~previous;
  let at = from;
  // Every index is masked to a byte or lies below `to`, so `?? 0` never decides; the compiler cannot know.
  for (const fours = to - 3; at < fours; at += 4) {
    crc ^= (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    crc =
      (t3[crc & 0xff] ?? 0) ^ (t2[(crc >>> 8) & 0xff] ?? 0) ^ (t1[(crc >>> 16) & 0xff] ?? 0) ^ (t0[crc >>> 24] ?? 0);
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~crc >>> 0;
}
