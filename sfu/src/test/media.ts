import type { RtpCapabilities, RtpParameters } from "@verbatim/shared/signal/media";

let nextSsrc = 1_000;

/** What a browser's microphone sends. */
export function opus(): RtpParameters {
  return {
    mid: "0",
    codecs: [
      {
        mimeType: "audio/opus",
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1 },
        rtcpFeedback: [{ type: "nack" }, { type: "transport-cc" }],
      },
    ],
    headerExtensions: [],
    encodings: [{ ssrc: nextSsrc++ }],
    rtcp: { cname: "test" },
  };
}

export function vp8(): RtpParameters {
  return {
    mid: "1",
    codecs: [
      { mimeType: "video/VP8", payloadType: 96, clockRate: 90_000, rtcpFeedback: [{ type: "nack", parameter: "pli" }] },
    ],
    headerExtensions: [],
    encodings: [{ ssrc: nextSsrc++ }],
    rtcp: { cname: "test" },
  };
}

/** What a browser can receive. */
export const capabilities: RtpCapabilities = {
  codecs: [
    {
      kind: "audio",
      mimeType: "audio/opus",
      preferredPayloadType: 111,
      clockRate: 48_000,
      channels: 2,
      rtcpFeedback: [{ type: "nack" }, { type: "transport-cc" }],
    },
    {
      kind: "video",
      mimeType: "video/VP8",
      preferredPayloadType: 96,
      clockRate: 90_000,
      rtcpFeedback: [{ type: "nack", parameter: "pli" }],
    },
  ],
  headerExtensions: [],
};

/** An RTP packet of 20 ms, with its loudness (−`level` dBov) in the one-byte header extension 10. */
export function rtpPacket(options: {
  ssrc: number;
  payloadType: number;
  seq: number;
  payload: Buffer;
  level: number;
}): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x90;
  header[1] = options.payloadType;
  header.writeUInt16BE(options.seq & 0xffff, 2);
  header.writeUInt32BE((options.seq * 960) >>> 0, 4);
  header.writeUInt32BE(options.ssrc, 8);
  header.writeUInt16BE(0xbede, 12);
  header.writeUInt16BE(1, 14);
  header[16] = 10 << 4;
  header[17] = 0x80 | options.level;
  return Buffer.concat([header, options.payload]);
}
