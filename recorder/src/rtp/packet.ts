/** The fixed RTP header, and where it ends in the datagram. */
export type RtpHeader = {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly padded: boolean;
  /** Bytes of header, contributing sources and extension. */
  readonly headerBytes: number;
};

const RTP_HEADER_BYTES = 12;

/** Reads an RTP header; undefined when the bytes are none. Never reads past the end, whatever they are. */
export function parseRtp(bytes: Uint8Array): RtpHeader | undefined {
  if (bytes.length < RTP_HEADER_BYTES) return undefined;
  const first = bytes[0] ?? 0;
  if (first >> 6 !== 2) return undefined;
  let headerBytes = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (headerBytes + 4 > bytes.length) return undefined;
    headerBytes += 4 + 4 * u16(bytes, headerBytes + 2);
  }
  if (headerBytes > bytes.length) return undefined;
  return {
    payloadType: (bytes[1] ?? 0) & 0x7f,
    sequence: u16(bytes, 2),
    timestamp: u32(bytes, 4),
    ssrc: u32(bytes, 8),
    padded: (first & 0x20) !== 0,
    headerBytes,
  };
}

/** The payload without its padding; undefined when the padding says more than there is. */
export function withoutPadding(payload: Buffer): Buffer | undefined {
  const padding = payload.at(-1) ?? 0;
  return padding === 0 || padding > payload.length ? undefined : payload.subarray(0, payload.length - padding);
}

/** RTCP shares the port with RTP (RFC 5761): its packet types 192 to 223 are no RTP payload types. */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0;
  return type >= 192 && type <= 223;
}

export const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

export const u32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
