import { z } from "zod";

/** Media parameters as mediasoup spells them, bounded so that a hostile browser cannot make them large. */
const short = z.string().max(256);
const number = z.number().finite();
const parameters = z.record(short, z.union([short, number, z.boolean(), z.null()]));

const RtcpFeedback = z.strictObject({ type: short, parameter: short.optional() });
const Kind = z.enum(["audio", "video"]);
const Direction = z.enum(["sendrecv", "sendonly", "recvonly", "inactive"]);

export const RtpCapabilities = z.strictObject({
  codecs: z
    .array(
      z.strictObject({
        kind: Kind,
        mimeType: short,
        preferredPayloadType: z.int().optional(),
        clockRate: z.int(),
        channels: z.int().optional(),
        parameters: parameters.optional(),
        rtcpFeedback: z.array(RtcpFeedback).max(16).optional(),
      }),
    )
    .max(64)
    .optional(),
  headerExtensions: z
    .array(
      z.strictObject({
        kind: Kind.optional(),
        uri: short,
        preferredId: z.int(),
        preferredEncrypt: z.boolean().optional(),
        direction: Direction.optional(),
      }),
    )
    .max(64)
    .optional(),
});
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

export const RtpParameters = z.strictObject({
  mid: short.optional(),
  msid: short.optional(),
  codecs: z
    .array(
      z.strictObject({
        mimeType: short,
        payloadType: z.int(),
        clockRate: z.int(),
        channels: z.int().optional(),
        parameters: parameters.optional(),
        rtcpFeedback: z.array(RtcpFeedback).max(16).optional(),
      }),
    )
    .min(1)
    .max(8),
  headerExtensions: z
    .array(
      z.strictObject({ uri: short, id: z.int(), encrypt: z.boolean().optional(), parameters: parameters.optional() }),
    )
    .max(32)
    .optional(),
  encodings: z
    .array(
      z.strictObject({
        ssrc: z.int().optional(),
        rid: short.optional(),
        codecPayloadType: z.int().optional(),
        rtx: z.strictObject({ ssrc: z.int() }).optional(),
        dtx: z.boolean().optional(),
        active: z.boolean().optional(),
        scalabilityMode: short.optional(),
        scaleResolutionDownBy: number.optional(),
        maxBitrate: number.optional(),
        maxFramerate: number.optional(),
        adaptivePtime: z.boolean().optional(),
        priority: short.optional(),
        networkPriority: short.optional(),
      }),
    )
    .max(4)
    .optional(),
  rtcp: z
    .strictObject({ cname: short.optional(), reducedSize: z.boolean().optional(), mux: z.boolean().optional() })
    .optional(),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

export const DtlsParameters = z.strictObject({
  role: z.enum(["auto", "client", "server"]).optional(),
  fingerprints: z
    .array(z.strictObject({ algorithm: z.enum(["sha-1", "sha-224", "sha-256", "sha-384", "sha-512"]), value: short }))
    .min(1)
    .max(8),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

export const IceParameters = z.object({
  usernameFragment: short,
  password: short,
  iceLite: z.boolean().optional(),
});
export type IceParameters = z.infer<typeof IceParameters>;

export const IceCandidate = z.object({
  foundation: short,
  priority: z.int(),
  ip: short,
  address: short,
  protocol: z.enum(["udp", "tcp"]),
  port: z.int(),
  type: z.enum(["host", "srflx", "prflx", "relay"]),
  tcpType: z.enum(["active", "passive", "so"]).optional(),
});

export const SctpParameters = z.object({
  port: z.int(),
  OS: z.int(),
  MIS: z.int(),
  maxMessageSize: z.int(),
});

/** A relay with credentials that it honours for a while; `stun:` servers have none. */
export const IceServer = z.object({
  urls: z.array(short).min(1).max(8),
  username: short.optional(),
  credential: short.optional(),
});
export type IceServer = z.infer<typeof IceServer>;

export const TransportParameters = z.object({
  id: short,
  iceParameters: IceParameters,
  iceCandidates: z.array(IceCandidate),
  dtlsParameters: DtlsParameters,
  sctpParameters: SctpParameters.optional(),
  /** Ways round a network that lets nothing through to the candidates. */
  iceServers: z.array(IceServer).max(2).optional(),
});
export type TransportParameters = z.infer<typeof TransportParameters>;
