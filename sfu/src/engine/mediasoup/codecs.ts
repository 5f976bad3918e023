import { DomainError } from "@verbatim/shared/errors";
import type { TrackKind } from "@verbatim/shared/ids";
import type { RtpParameters } from "@verbatim/shared/signal/media";
import type { types } from "mediasoup";
import type { MediaCodec } from "../engine.ts";

/**
 * What a room speaks. Opus with in-band FEC and NACK, because a lost packet is a lost word; DTX off, because a
 * recorded speaker's silence must be sent to be told from a loss.
 */
export const mediaCodecs: types.RouterRtpCodecCapability[] = [
  {
    kind: "audio",
    mimeType: "audio/opus",
    clockRate: 48_000,
    channels: 2,
    parameters: { useinbandfec: 1, usedtx: 0 },
    rtcpFeedback: [{ type: "nack" }, { type: "transport-cc" }],
  },
  { kind: "video", mimeType: "video/VP8", clockRate: 90_000, parameters: { "x-google-start-bitrate": 800 } },
  {
    kind: "video",
    mimeType: "video/H264",
    clockRate: 90_000,
    parameters: {
      "packetization-mode": 1,
      "profile-level-id": "42e01f",
      "level-asymmetry-allowed": 1,
      "x-google-start-bitrate": 800,
    },
  },
];

/** The codec a producer sends, or `input.invalid` when the medium and the codec do not go together. */
export function codecOf(medium: TrackKind, rtpParameters: RtpParameters): MediaCodec {
  const [codec] = rtpParameters.codecs;
  const mimeType = codec?.mimeType.toLowerCase();
  if (medium === "audio" && mimeType === "audio/opus") {
    return { name: "opus", clockRate: 48_000, channels: codec?.channels === 1 ? 1 : 2 };
  }
  if (medium !== "audio" && mimeType === "video/vp8") return { name: "vp8", clockRate: 90_000, channels: 1 };
  if (medium !== "audio" && mimeType === "video/h264") return { name: "h264", clockRate: 90_000, channels: 1 };
  throw new DomainError("input.invalid", `rtpParameters.codecs: ${medium} cannot be sent as this codec`);
}

/**
 * What browsers are told of a room lacks two ways to say something beside a packet.
 * A picture's rotation: a phone that may not say it turns its pictures itself, and then a recorded file, which cannot
 * say it, is upright.
 * When a picture was taken (abs-capture-time): Chromium 156 agrees to say it and leaves it out, and mediasoup 3.27.1, which
 * then believes nothing else, can never change a receiver over to another size of the camera. When the largest stopped,
 * as a weak line stops it, faces and recordings stood still until it came back (58 s measured, 0.1 s without it).
 */
export const roomCapabilities = (router: types.RtpCapabilities): types.RtpCapabilities => ({
  ...router,
  headerExtensions: (router.headerExtensions ?? []).filter(({ uri }) => !UNSAID.has(uri)),
});

const UNSAID = new Set<string>([
  "urn:3gpp:video-orientation",
  "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
]);

/**
 * What a recorder on the same host understands: the codecs alone. No header extensions, no NACK and no RTX, because
 * loopback loses nothing and every packet is kept as it came; key frames of a picture may be asked for.
 */
export function tapCapabilities(router: types.RtpCapabilities): types.RtpCapabilities {
  return {
    codecs: (router.codecs ?? [])
      .filter((codec) => !codec.mimeType.toLowerCase().endsWith("/rtx"))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: codec.kind === "video" ? [{ type: "nack", parameter: "pli" }] : [],
      })),
    headerExtensions: [],
  };
}
