import { createCipheriv } from "node:crypto";
import { createGhash } from "./ghash.ts";

/**
 * AES-GCM opening of many packets under one key. A new `createDecipheriv` per packet costs 17 µs here, nearly all of it
 * for making the object; one ECB object kept for the key's life gives the same key stream in 1.3 µs, and AES itself stays
 * in OpenSSL. In a loop an Opus packet takes 1.9 µs and a camera's 1,100 bytes 8 µs, half of that GHASH; where each comes
 * alone it is about twice as much.
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
const BLOCK_WORDS = 4;
/** No datagram is longer: a packet that needs more was never one of ours. */
const MAX_BYTES = 65_536;

/** Blocks to encrypt, of which only the iv changes. One packet is opened at a time, so one of each buffer is enough. */
const counters = counterBlocks(2 + MAX_BYTES / BLOCK);
const counterBytes = new Uint8Array(counters.buffer);
/** Authenticated data and text, each filled up with zeros to whole blocks; their lengths; the tag. */
const packet = new Int32Array(MAX_BYTES / 4 + 4 * BLOCK_WORDS);
const packetBytes = new Uint8Array(packet.buffer);
const packetView = new DataView(packet.buffer);

/** Key of 16 or 32 bytes. */
export function createGcmKey(key: Uint8Array): GcmKey {
  const ecb = createCipheriv(key.length === 32 ? "aes-256-ecb" : "aes-128-ecb", key, null).setAutoPadding(false);
  const ghash = createGhash(ecb.update(Buffer.alloc(BLOCK)));

  /** Encrypted counter blocks, in memory of their own: the first covers the tag, the others the text. */
  const keyStream = (iv: Uint8Array, bytes: number): Buffer => {
    counterBytes.set(iv);
    const [a = 0, b = 0, c = 0] = counters;
    for (let at = BLOCK_WORDS; at < bytes / 4; at += BLOCK_WORDS) {
      counters[at] = a;
      counters[at + 1] = b;
      counters[at + 2] = c;
    }
    return ecb.update(counterBytes.subarray(0, bytes));
  };

  return {
    open(iv, aad, aadBytes, data, from, to) {
      const length = to - from;
      if (length < 0 || to + GCM_TAG_BYTES > data.length || aadBytes + length > MAX_BYTES) return undefined;
      const text = place(aad, 0, aadBytes, 0);
      const lengths = place(data, from, to, text);
      const tag = lengths + BLOCK;
      place(data, to, to + GCM_TAG_BYTES, tag);
      // In bits, each of 64; both are far below 2^32.
      packetView.setUint32(lengths, 0);
      packetView.setUint32(lengths + 4, aadBytes * 8);
      packetView.setUint32(lengths + 8, 0);
      packetView.setUint32(lengths + 12, length * 8);

      const stream = keyStream(iv, BLOCK + lengths - text);
      const words = new Int32Array(stream.buffer, stream.byteOffset, stream.length / 4);
      const hash = ghash.hash(packet, tag / 4);
      let differs = 0;
      for (let n = 0; n < BLOCK_WORDS; n++) differs |= (hash[n] ?? 0) ^ (words[n] ?? 0) ^ (packet[tag / 4 + n] ?? 0);
      if (differs !== 0) return undefined;
      const skipped = text / 4 - BLOCK_WORDS;
      for (let n = BLOCK_WORDS; n < words.length; n++) words[n] = (words[n] ?? 0) ^ (packet[skipped + n] ?? 0);
      return stream.subarray(BLOCK, BLOCK + length);
    },
  };
}

/** Copies `bytes[from, to)` to `at` of the packet and fills up the last block with zeros; answers the end of that. */
function place(bytes: Uint8Array, from: number, to: number, at: number): number {
  packetBytes.set(bytes.subarray(from, to), at);
  let end = at + to - from;
  while (end % BLOCK !== 0) packetBytes[end++] = 0;
  return end;
}

/** Blocks that begin with room for the iv and count from 1 in their last four bytes. */
function counterBlocks(count: number): Int32Array {
  const words = new Int32Array(count * BLOCK_WORDS);
  const view = new DataView(words.buffer);
  for (let n = 0; n < count; n++) view.setUint32(n * BLOCK + 12, n + 1);
  return words;
}
