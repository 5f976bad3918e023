import { createCipheriv } from "node:crypto";
import { deriveSessionKeys, type SrtpSuite } from "../src/rtp/srtp-keys.ts";

/** The sending side of SRTP, by OpenSSL's own GCM: what mediasoup is in the product. */
export type SrtpSender = {
  /** Seals an RTP packet whose header has `headerBytes`. `index` is roll-over count × 65,536 + sequence. */
  rtp(packet: Buffer, index: number, headerBytes?: number): Buffer;
  rtcp(packet: Buffer, index: number): Buffer;
};

export function createSrtpSender(suite: SrtpSuite, keyAndSalt: Uint8Array): SrtpSender {
  const keys = deriveSessionKeys(suite, keyAndSalt);
  const cipher = suite === "AEAD_AES_256_GCM" ? "aes-256-gcm" : "aes-128-gcm";
  const seal = (key: Buffer, salt: Buffer, iv: Buffer, aad: Buffer, plain: Buffer): Buffer => {
    const gcm = createCipheriv(cipher, key, Buffer.from(iv.map((byte, n) => byte ^ salt[n]!)));
    gcm.setAAD(aad);
    return Buffer.concat([gcm.update(plain), gcm.final(), gcm.getAuthTag()]);
  };
  return {
    rtp(packet, index, headerBytes = 12) {
      const iv = Buffer.alloc(12);
      iv.writeUInt32BE(packet.readUInt32BE(8), 2);
      iv.writeUInt32BE(Math.floor(index / 0x1_0000), 6);
      iv.writeUInt16BE(index % 0x1_0000, 10);
      const header = packet.subarray(0, headerBytes);
      return Buffer.concat([header, seal(keys.rtpKey, keys.rtpSalt, iv, header, packet.subarray(headerBytes))]);
    },
    rtcp(packet, index) {
      const word = Buffer.alloc(4);
      word.writeUInt32BE((0x8000_0000 + index) >>> 0);
      const iv = Buffer.alloc(12);
      iv.writeUInt32BE(packet.readUInt32BE(4), 2);
      iv.writeUInt32BE(index, 8);
      const header = packet.subarray(0, 8);
      const sealed = seal(keys.rtcpKey, keys.rtcpSalt, iv, Buffer.concat([header, word]), packet.subarray(8));
      return Buffer.concat([header, sealed, word]);
    },
  };
}

/** An RTP packet with the plain 12-byte header. */
export function rtpPacket(fields: {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
  readonly payloadType?: number;
}): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = fields.payloadType ?? 100;
  header.writeUInt16BE(fields.sequence & 0xffff, 2);
  header.writeUInt32BE(fields.timestamp >>> 0, 4);
  header.writeUInt32BE(fields.ssrc >>> 0, 8);
  return Buffer.concat([header, fields.payload]);
}

/** A compound RTCP packet of one sender report, at a UTC time in µs. */
export function senderReportPacket(fields: {
  readonly ssrc: number;
  readonly ntpUs: number;
  readonly rtpTime: number;
}): Buffer {
  const bytes = Buffer.alloc(28);
  bytes[0] = 0x80;
  bytes[1] = 200;
  bytes.writeUInt16BE(6, 2);
  bytes.writeUInt32BE(fields.ssrc >>> 0, 4);
  bytes.writeUInt32BE(Math.floor(fields.ntpUs / 1_000_000) + 2_208_988_800, 8);
  bytes.writeUInt32BE(Math.floor(((fields.ntpUs % 1_000_000) * 0x1_0000_0000) / 1_000_000), 12);
  bytes.writeUInt32BE(fields.rtpTime >>> 0, 16);
  return bytes;
}
