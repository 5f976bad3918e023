import { createCipheriv } from "node:crypto";

/** The AEAD suites of RFC 7714 that we ask for: bytes of master key; the master salt has 12 in both. */
export const srtpSuites = {
  AEAD_AES_128_GCM: { keyBytes: 16 },
  AEAD_AES_256_GCM: { keyBytes: 32 },
} as const;
export type SrtpSuite = keyof typeof srtpSuites;

export const SRTP_SALT_BYTES = 12;

/** Keys and salts of one direction, for RTP and for RTCP. */
export type SessionKeys = {
  readonly rtpKey: Buffer;
  readonly rtpSalt: Buffer;
  readonly rtcpKey: Buffer;
  readonly rtcpSalt: Buffer;
};

/** Derives the session keys (RFC 3711 4.3, key derivation rate 0) from master key and salt, which stand one after the other. */
export function deriveSessionKeys(suite: SrtpSuite, keyAndSalt: Uint8Array): SessionKeys {
  const { keyBytes } = srtpSuites[suite];
  if (keyAndSalt.length !== keyBytes + SRTP_SALT_BYTES) throw new RangeError(`${suite} needs another length of key.`);
  const key = keyAndSalt.subarray(0, keyBytes);
  const salt = keyAndSalt.subarray(keyBytes);
  return {
    rtpKey: deriveKey(key, salt, 0, keyBytes),
    rtpSalt: deriveKey(key, salt, 2, SRTP_SALT_BYTES),
    rtcpKey: deriveKey(key, salt, 3, keyBytes),
    rtcpSalt: deriveKey(key, salt, 5, SRTP_SALT_BYTES),
  };
}

/** One key by its label: AES in counter mode over the salt. A salt shorter than 14 bytes is filled with zeros. */
export function deriveKey(key: Uint8Array, salt: Uint8Array, label: number, length: number): Buffer {
  const iv = Buffer.alloc(16);
  iv.set(salt);
  iv[7] = (iv[7] ?? 0) ^ label;
  return createCipheriv(key.length === 32 ? "aes-256-ctr" : "aes-128-ctr", key, iv).update(Buffer.alloc(length));
}
