import { createGcmKey, GCM_TAG_BYTES } from "./gcm.ts";
import { parseRtp, u32, withoutPadding } from "./packet.ts";
import { deriveSessionKeys, type SrtpSuite } from "./srtp-keys.ts";

/** A packet of one sender: opened, authenticated and not seen before. */
export type OpenedRtp = {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
};

/** Why a datagram was dropped: no RTP at all, not sealed by our peer, or seen before (or too old to tell). */
export type SrtpFault = "malformed" | "unauthentic" | "replayed";

/** One direction of SRTP (RFC 3711 with the AEAD suites of RFC 7714). */
export type SrtpReceiver = {
  rtp(datagram: Buffer): OpenedRtp | SrtpFault;
  /** The compound RTCP packet in clear. */
  rtcp(datagram: Buffer): Buffer | SrtpFault;
};

/** How far behind the newest packet one may come. At 50 packets a second: 20 s. */
const WINDOW = 1024;
/** A producer has one stream, a second for retransmissions; more than a few is not ours. */
const MAX_STREAMS = 8;
const RTCP_HEADER_BYTES = 8;
const ENCRYPTED = 0x8000_0000;

/** `keyAndSalt` as mediasoup gives it. Throws for a key of the wrong length. */
export function createSrtpReceiver(suite: SrtpSuite, keyAndSalt: Uint8Array): SrtpReceiver {
  const keys = deriveSessionKeys(suite, keyAndSalt);
  const rtpKey = createGcmKey(keys.rtpKey);
  const rtcpKey = createGcmKey(keys.rtcpKey);
  const streams = new Map<number, Stream>();
  const reports = createWindow();
  const iv = Buffer.alloc(12);
  const aad = Buffer.alloc(RTCP_HEADER_BYTES + 4);

  return {
    rtp(datagram) {
      const header = parseRtp(datagram);
      const end = datagram.length - GCM_TAG_BYTES;
      if (!header || end < header.headerBytes) return "malformed";
      const known = streams.get(header.ssrc);
      if (!known && streams.size >= MAX_STREAMS) return "unauthentic";
      const stream = known ?? { highest: -1, window: createWindow() };
      for (const index of indexGuesses(stream.highest, header.sequence)) {
        const rolls = Math.floor(index / 0x1_0000);
        iv.writeUInt16BE(0, 0);
        iv.writeUInt32BE(header.ssrc, 2);
        iv.writeUInt32BE(rolls, 6);
        iv.writeUInt16BE(header.sequence, 10);
        xor(iv, keys.rtpSalt);
        const plain = rtpKey.open(iv, datagram, header.headerBytes, datagram, header.headerBytes, end);
        if (!plain) continue;
        if (!stream.window.accept(index)) return "replayed";
        stream.highest = Math.max(stream.highest, index);
        if (!known) streams.set(header.ssrc, stream);
        const payload = header.padded ? withoutPadding(plain) : plain;
        if (!payload) return "malformed";
        const { payloadType, sequence, timestamp, ssrc } = header;
        return { payloadType, sequence, timestamp, ssrc, payload };
      }
      return "unauthentic";
    },
    rtcp(datagram) {
      const end = datagram.length - 4 - GCM_TAG_BYTES;
      if (end < RTCP_HEADER_BYTES || (datagram[0] ?? 0) >> 6 !== 2) return "malformed";
      const word = u32(datagram, datagram.length - 4);
      // We and our peer always encrypt; a packet that says it is in clear is not accepted.
      if (word < ENCRYPTED) return "unauthentic";
      const index = word - ENCRYPTED;
      aad.set(datagram.subarray(0, RTCP_HEADER_BYTES));
      aad.writeUInt32BE(word, RTCP_HEADER_BYTES);
      iv.writeUInt16BE(0, 0);
      iv.writeUInt32BE(u32(datagram, 4), 2);
      iv.writeUInt16BE(0, 6);
      iv.writeUInt32BE(index, 8);
      xor(iv, keys.rtcpSalt);
      const plain = rtcpKey.open(iv, aad, aad.length, datagram, RTCP_HEADER_BYTES, end);
      if (!plain) return "unauthentic";
      if (!reports.accept(index)) return "replayed";
      return Buffer.concat([datagram.subarray(0, RTCP_HEADER_BYTES), plain]);
    },
  };
}

type Stream = { highest: number; readonly window: Window };

/**
 * The packet indices (roll-over count and sequence) a sequence number may stand for, likeliest first: the one
 * nearest to the highest seen. Of a new stream we may have missed the first packets and their roll-over.
 */
function indexGuesses(highest: number, sequence: number): readonly number[] {
  if (highest < 0) return [sequence, sequence + 0x1_0000];
  const base = highest - (highest % 0x1_0000) + sequence;
  const difference = sequence - (highest % 0x1_0000);
  if (difference > 0x8000) return base >= 0x1_0000 ? [base - 0x1_0000] : [base];
  if (difference < -0x8000) return [base + 0x1_0000];
  return [base];
}

type Window = { accept(index: number): boolean };

/** Remembers which of the last `WINDOW` indices came. */
function createWindow(): Window {
  const seen = new Float64Array(WINDOW).fill(-1);
  let highest = -1;
  return {
    accept(index) {
      if (index <= highest - WINDOW || seen[index % WINDOW] === index) return false;
      seen[index % WINDOW] = index;
      highest = Math.max(highest, index);
      return true;
    },
  };
}

function xor(target: Buffer, salt: Buffer): void {
  for (let n = 0; n < target.length; n++) target[n] = (target[n] ?? 0) ^ (salt[n] ?? 0);
}
