/** Opus packets of one Ogg file, and which of their samples count: skip `preSkip` first, then take `length` (48 kHz). */
export type OggOpus = { readonly packets: readonly Uint8Array[]; readonly preSkip: number; readonly length: number };

/** No chunk is longer than 30 s, and even an imported one fits an hour: what claims more is damage. */
const MAX_PACKETS = 200_000;

/**
 * Reads an Ogg Opus file of one stream. Undefined when it is none or its pages are broken: the caller knows the
 * file's SHA-256, so it needs no repair here. Page checksums are not looked at for the same reason.
 */
export function readOggOpus(file: Uint8Array): OggOpus | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const packets: Uint8Array[] = [];
  let partial: Uint8Array[] = [];
  let granule = 0;
  for (let at = 0; at < file.length; ) {
    if (at + 27 > file.length || view.getUint32(at, false) !== 0x4f676753) return undefined;
    const segments = file[at + 26] ?? 0;
    const table = file.subarray(at + 27, at + 27 + segments);
    if (table.length !== segments) return undefined;
    let body = at + 27 + segments;
    for (let i = 0, run = 0; i < segments; i++) {
      const lace = table[i] ?? 0;
      run += lace;
      if (lace === 255 && i < segments - 1) continue;
      if (body + run > file.length) return undefined;
      partial.push(file.subarray(body, body + run));
      body += run;
      run = 0;
      if (lace === 255) break; // The packet goes on in the next page.
      packets.push(partial.length === 1 ? (partial[0] ?? new Uint8Array()) : concat(partial));
      partial = [];
      if (packets.length > MAX_PACKETS) return undefined;
    }
    const position = view.getBigInt64(at + 6, true);
    if (position >= 0n) granule = Number(position);
    at = body;
  }
  const [head, tags, ...audio] = packets;
  if (
    !head ||
    !tags ||
    head.length < 19 ||
    !startsWith(head, "OpusHead") ||
    tags.length < 8 ||
    !startsWith(tags, "OpusTags")
  ) {
    return undefined;
  }
  const preSkip = (head[10] ?? 0) | ((head[11] ?? 0) << 8);
  if (granule < preSkip) return undefined;
  return { packets: audio, preSkip, length: granule - preSkip };
}

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, text.length).toString("latin1") === text;

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
