import { z } from "zod";
import { InterviewId, Role, SeatId, TenantId, TrackId, TrackKind } from "../ids.ts";
import { KeyTerms } from "../plan/key-terms.ts";
import { RecordingControl } from "../recording/control.ts";

/**
 * capture ⇄ sfu, on the sfu's loopback port at /tap. Opened with `Authorization: Bearer {service token, audience "tap"}`.
 * The sfu repeats the whole state of each call on every change; capture asks for the tracks it wants.
 */
export const tapProtocol = { current: 1, oldest: 1 } as const;

const RequestId = z.int().min(0);
const ProducerId = z.string().min(1).max(64);

/** SRTP as mediasoup spells it; the key is master key + salt in base64. */
export const Srtp = z.object({
  cryptoSuite: z.enum(["AEAD_AES_256_GCM", "AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80"]),
  keyBase64: z.string().max(200),
});
export type Srtp = z.infer<typeof Srtp>;

export const CaptureMessage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    id: RequestId,
    protocol: z.int(),
    instance: z.string().min(1).max(64),
    /** /proc/sys/kernel/random/boot_id: the same host means the same monotonic clock. */
    bootId: z.string().max(64),
  }),
  /** Send this producer's RTP to a bound UDP port. The consumer starts paused; `resume` when the port is being read. */
  z.strictObject({
    type: z.literal("open"),
    id: RequestId,
    interviewId: InterviewId,
    producerId: ProducerId,
    ip: z.string().max(64),
    port: z.int().min(1).max(65535),
    srtp: Srtp,
  }),
  z.strictObject({ type: z.literal("resume"), id: RequestId, tapId: z.string().max(64) }),
  z.strictObject({ type: z.literal("close"), id: RequestId, tapId: z.string().max(64) }),
  /** Asks a camera or a screen for a whole picture: chunks begin with one. */
  z.strictObject({ type: z.literal("key-frame"), id: RequestId, tapId: z.string().max(64) }),
  /** Measures the offset of two hosts' clocks; not needed when bootId is equal. */
  z.strictObject({ type: z.literal("ping"), id: RequestId }),
]);
export type CaptureMessage = z.infer<typeof CaptureMessage>;

export const TapTrack = z.object({
  producerId: ProducerId,
  trackId: TrackId,
  seatId: SeatId,
  role: Role,
  kind: TrackKind,
  codec: z.enum(["opus", "vp8", "h264"]),
  clockRate: z.int().positive(),
  channels: z.int().min(1).max(2),
  muted: z.boolean(),
});
export type TapTrack = z.infer<typeof TapTrack>;

/** A speaking seat: `away` = connection lost, seat kept; `left` = left for good. Since when, sfu's monotonic µs. */
export const TapSeat = z.object({
  seatId: SeatId,
  role: Role,
  presence: z.enum(["here", "away", "left"]),
  sinceUs: z.int(),
});
export type TapSeat = z.infer<typeof TapSeat>;

export const SfuToCapture = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ok"),
    id: RequestId,
    /** On hello. */
    bootId: z.string().optional(),
    /** On hello and ping: the sfu's monotonic µs. */
    nowUs: z.int().optional(),
    /** On open. */
    tap: z
      .object({
        tapId: z.string(),
        ssrc: z.int(),
        payloadType: z.int(),
        srtp: Srtp,
      })
      .optional(),
  }),
  z.object({ type: z.literal("error"), id: RequestId, code: z.string(), message: z.string() }),
  /** The whole state of one call. A call without `recording`, or with one not started, is pre-subscribed in memory only. */
  z.object({
    type: z.literal("call"),
    tenantId: TenantId,
    interviewId: InterviewId,
    language: z.string(),
    keyTerms: KeyTerms.default([]),
    recording: RecordingControl.nullable(),
    /** Camera and screen may be recorded; without it `tracks` are sound alone and no other may be tapped. */
    picture: z.boolean().default(false),
    seats: z.array(TapSeat),
    tracks: z.array(TapTrack),
  }),
  z.object({ type: z.literal("call-gone"), interviewId: InterviewId }),
  /**
   * Every call there is: one that is not named is over, though its end was told to nobody. Comes behind the calls at
   * hello and whenever the api has said what it has; never before the api has spoken, since until then a restarted sfu
   * knows of nothing.
   */
  z.object({ type: z.literal("calls"), interviewIds: z.array(InterviewId) }),
]);
export type SfuToCapture = z.infer<typeof SfuToCapture>;
