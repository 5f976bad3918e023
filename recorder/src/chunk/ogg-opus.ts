import { isStereoOpus } from "../timeline/opus-packet.ts";
import { type Frame, PRE_SKIP } from "./frames.ts";

/**
 * Ogg Opus (RFC 3533, RFC 7845), written by hand because every field is ours to decide: pre-skip, the last granule
 * position, one serial per chunk, and the same bytes for the same frames.
 */

/** 1 s, as encoders do: pages stay small and seekable. */
const FRAMES_PER_PAGE = 50;
const MAX_LACES = 255;
const HEAD_BYTES = 27;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return crc;
}

const laces = (bytes: number): number => Math.floor(bytes / 255) + 1;

type Page = {
  readonly packets: readonly Uint8Array[];
  readonly granule: number;
  readonly flags: number;
};

function encodePage({ packets, granule, flags }: Page, serial: number, sequence: number): Uint8Array {
  const lacing = packets.flatMap(({ length }) => {
    const full = Array.from<number>({ length: Math.floor(length / 255) }).fill(255);
    return [...full, length % 255];
  });
  const body = packets.reduce((sum, { length }) => sum + length, 0);
  const page = new Uint8Array(HEAD_BYTES + lacing.length + body);
  const view = new DataView(page.buffer);
  page.set(ascii("OggS"));
  page[5] = flags;
  view.setBigUint64(6, BigInt(granule), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  page[26] = lacing.length;
  page.set(lacing, HEAD_BYTES);
  let at = HEAD_BYTES + lacing.length;
  for (const packet of packets) {
    page.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, oggCrc(page), true);
  return page;
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function opusHead(channels: number): Uint8Array {
  const head = new Uint8Array(19);
  const view = new DataView(head.buffer);
  head.set(ascii("OpusHead"));
  head[8] = 1;
  head[9] = channels;
  view.setUint16(10, PRE_SKIP, true);
  view.setUint32(12, 48_000, true);
  return head;
}

function opusTags(): Uint8Array {
  const vendor = ascii("verbatim");
  const tags = new Uint8Array(16 + vendor.length);
  tags.set(ascii("OpusTags"));
  new DataView(tags.buffer).setUint32(8, vendor.length, true);
  tags.set(vendor, 12);
  return tags;
}

/** An Ogg Opus file that plays exactly `samples` (48 kHz) after the pre-skip. `frames` must hold at least that much. */
export function writeOggOpus(frames: readonly Frame[], samples: number, serial: number): Uint8Array {
  const channels = frames.some(({ payload }) => isStereoOpus(payload)) ? 2 : 1;
  const pages: Page[] = [
    { packets: [opusHead(channels)], granule: 0, flags: 2 },
    { packets: [opusTags()], granule: 0, flags: 0 },
  ];
  let packets: Uint8Array[] = [];
  let used = 0;
  let granule = 0;
  for (const { payload, samples: duration } of frames) {
    if (packets.length === FRAMES_PER_PAGE || used + laces(payload.length) > MAX_LACES) {
      pages.push({ packets, granule, flags: 0 });
      packets = [];
      used = 0;
    }
    packets.push(payload);
    used += laces(payload.length);
    granule += duration;
  }
  pages.push({ packets, granule: Math.min(granule, PRE_SKIP + samples), flags: 4 });
  const encoded = pages.map((page, sequence) => encodePage(page, serial, sequence));
  return Buffer.concat(encoded);
}
