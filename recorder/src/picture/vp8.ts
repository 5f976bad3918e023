import type { JoinedFrame, PictureCodec } from "./picture.ts";

/** VP8 in RTP, RFC 7741: a descriptor of 1 to 6 bytes, then a piece of a partition of the frame. */

/** Where the frame's bytes begin in a packet, and whether they are the frame's first. */
function descriptor(payload: Uint8Array): { readonly bytes: number; readonly begins: boolean } | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  let bytes = 1;
  if (first & 0x80) {
    const extension = payload[bytes++] ?? 0;
    // PictureID takes one byte, or two when its first bit is set.
    if (extension & 0x80) bytes += (payload[bytes] ?? 0) & 0x80 ? 2 : 1;
    if (extension & 0x40) bytes += 1;
    if (extension & 0x30) bytes += 1;
  }
  if (bytes >= payload.length) return undefined;
  return { bytes, begins: (first & 0x10) !== 0 && (first & 0x07) === 0 };
}

/** The size that a key frame's header says (RFC 6386, 9.1); undefined for any other frame. */
function sizeOf(frame: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const isKey = frame.length >= 10 && ((frame[0] ?? 1) & 1) === 0;
  if (!isKey || frame[3] !== 0x9d || frame[4] !== 0x01 || frame[5] !== 0x2a) return undefined;
  const u14 = (at: number): number => (((frame[at + 1] ?? 0) << 8) | (frame[at] ?? 0)) & 0x3fff;
  const [width, height] = [u14(6), u14(8)];
  return width > 0 && height > 0 ? { width, height } : undefined;
}

export const vp8: PictureCodec = {
  begins: (payload) => descriptor(payload)?.begins ?? false,
  join(payloads): JoinedFrame | undefined {
    const parts: Uint8Array[] = [];
    for (const payload of payloads) {
      const described = descriptor(payload);
      if (described && described.begins !== (parts.length === 0)) return undefined;
      // A packet that only pads has no descriptor and no part in the frame.
      if (described) parts.push(payload.subarray(described.bytes));
    }
    if (parts.length === 0) return undefined;
    const data = Buffer.concat(parts);
    const size = sizeOf(data);
    // Without a start code the bytes of a key frame are damage: nothing could be decoded from there on.
    if (!size && ((data[0] ?? 1) & 1) === 0) return undefined;
    return { data, format: size && { codec: "vp8", name: "vp8", ...size } };
  },
};
