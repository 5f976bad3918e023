import { z } from "zod";
import { HeldBy, Participant } from "../control/protocol.ts";
import { DeviceId, InterviewId, Role, SeatId, TrackKind } from "../ids.ts";
import { RecordingView } from "../recording/view.ts";
import {
  DtlsParameters,
  IceParameters,
  IceServer,
  RtpCapabilities,
  RtpParameters,
  TransportParameters,
} from "./media.ts";

/**
 * browser ⇄ sfu, websocket at /signal on the sfu's port, JSON text frames ≤ 64 kB.
 * The first message is `hello`; within 5 s or the socket closes. Each request gets exactly one `ok` or `error`.
 * A refused hello is a close code from the table of errors, never a message.
 */
export const signalProtocol = { current: 1, oldest: 1 } as const;

/** Limits every socket is held to. */
export const signalLimits = {
  frameBytes: 64 * 1024,
  helloMs: 5_000,
  /** The browser pings this often; a socket silent for `idleMs` is closed. */
  pingMs: 5_000,
  idleMs: 15_000,
  messagesPerSecond: 50,
} as const;

/** Others read "reconnecting" after `awayMs`, a leave after `leftMs`; the seat is kept for `seatMs`. */
export const seatTimes = { awayMs: 3_000, leftMs: 30_000, seatMs: 600_000 } as const;

const RequestId = z.int().min(0);
const MediaId = z.string().min(1).max(64);

/** Browser → SFU. */
export const ClientMessage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    id: RequestId,
    protocol: z.int(),
    ticket: z.string().max(4096),
    /** As `consume` says it, to a server that told its own before: the others' media then follows the session unasked. */
    rtpCapabilities: RtpCapabilities.optional(),
  }),
  z.strictObject({ type: z.literal("ping"), id: RequestId }),
  z.strictObject({
    type: z.literal("connect-transport"),
    id: RequestId,
    transportId: MediaId,
    dtlsParameters: DtlsParameters,
  }),
  z.strictObject({ type: z.literal("restart-ice"), id: RequestId, transportId: MediaId }),
  /** Fresh transports for the same seat, after the old ones failed; answers with a session. */
  z.strictObject({ type: z.literal("renew-session"), id: RequestId }),
  z.strictObject({
    type: z.literal("produce"),
    id: RequestId,
    transportId: MediaId,
    medium: TrackKind,
    rtpParameters: RtpParameters,
    muted: z.boolean(),
  }),
  z.strictObject({ type: z.literal("close-producer"), id: RequestId, producerId: MediaId }),
  z.strictObject({ type: z.literal("mute"), id: RequestId, producerId: MediaId, muted: z.boolean() }),
  /** From now on every other speaker's media arrives as `consumer` notices, paused until resumed. */
  z.strictObject({ type: z.literal("consume"), id: RequestId, rtpCapabilities: RtpCapabilities }),
  z.strictObject({ type: z.literal("resume-consumer"), id: RequestId, consumerId: MediaId }),
  z.strictObject({
    type: z.literal("prefer-layers"),
    id: RequestId,
    consumerId: MediaId,
    spatialLayer: z.int().min(0).max(2),
  }),
  /** Microphone or page were taken away, or given back. Said before a phone's page stands still. By whom is left out: the phone. */
  z.strictObject({ type: z.literal("pause"), id: RequestId, paused: z.boolean(), by: HeldBy.optional() }),
  z.strictObject({ type: z.literal("quality"), id: RequestId, level: z.enum(["good", "fair", "poor"]) }),
  /** Hosts only: let a waiting person, or a person's second device, in, or turn it away. */
  z.strictObject({ type: z.literal("admit"), id: RequestId, seatId: SeatId, deviceId: DeviceId }),
  z.strictObject({ type: z.literal("deny"), id: RequestId, seatId: SeatId, deviceId: DeviceId }),
  /** Hosts only: a person's page is asked to mute, or the person is asked to unmute. Nobody opens another's microphone. */
  z.strictObject({ type: z.literal("ask-microphone"), id: RequestId, seatId: SeatId, muted: z.boolean() }),
  z.strictObject({ type: z.literal("leave"), id: RequestId }),
  /** Device check only: one transport over the named protocol, for a data channel that proves the path. */
  z.strictObject({ type: z.literal("probe-transport"), id: RequestId, protocol: z.enum(["udp", "tcp"]) }),
  /** Device check only: how many messages of the data channel have arrived. */
  z.strictObject({ type: z.literal("probe-count"), id: RequestId, transportId: MediaId }),
  z.strictObject({
    type: z.literal("probe-data"),
    id: RequestId,
    transportId: MediaId,
    sctpStreamParameters: z.strictObject({
      streamId: z.int().min(0).max(65535),
      ordered: z.boolean().optional(),
      maxPacketLifeTime: z.int().optional(),
      maxRetransmits: z.int().optional(),
    }),
  }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
export type ClientRequest = ClientMessage["type"];

/** Router capabilities and transports; observers get no `send`. */
export const Session = z.object({
  routerRtpCapabilities: RtpCapabilities,
  recv: TransportParameters,
  send: TransportParameters.nullable(),
});
export type Session = z.infer<typeof Session>;

/** A person, or a person's second device, asking to be let in. */
export const Knock = z.object({ seatId: SeatId, deviceId: DeviceId, name: z.string(), secondDevice: z.boolean() });

/** What everybody in a call may know of it. */
export const RoomView = z.object({
  interviewId: InterviewId,
  title: z.string(),
  startsAtMs: z.int(),
  durationMinutes: z.int(),
  participants: z.array(Participant),
  recording: RecordingView,
  /** The server's clock when this was sent, UTC ms, so that timers agree. */
  serverNowMs: z.int(),
  /** Hosts only; empty for others. */
  knocks: z.array(Knock),
  /** How many messages the chat has; not told to who waits. */
  chat: z.int().min(0).optional(),
});
export type RoomView = z.infer<typeof RoomView>;

/** SFU → browser. Unknown fields are dropped, so that newer servers can serve older tabs. */
export const ServerMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ok"),
    id: RequestId,
    /** hello */
    welcome: z
      .object({
        protocol: z.int(),
        seatId: SeatId,
        role: Role,
        /** `waiting`: until a host admits. `in`: session is there. `probe`: device check only. */
        phase: z.enum(["waiting", "in", "probe"]),
        session: Session.nullable(),
        room: RoomView.nullable(),
        /** Waiting although invited: the seat belongs to another device of this person. */
        secondDevice: z.boolean().optional(),
        /** Device check only: what every call here speaks, so that a browser is ready for it before it joins. */
        routerRtpCapabilities: RtpCapabilities.optional(),
      })
      .optional(),
    /** renew-session */
    session: Session.optional(),
    /** restart-ice */
    iceParameters: IceParameters.optional(),
    /** restart-ice: relays with fresh credentials, where there are any */
    iceServers: z.array(IceServer).max(2).optional(),
    /** produce */
    producerId: MediaId.optional(),
    /** probe-transport */
    transport: TransportParameters.optional(),
    /** probe-data */
    dataProducerId: MediaId.optional(),
    /** probe-transport: the ports that a network must let through, for the people who run it */
    mediaPorts: z.object({ first: z.int(), last: z.int() }).optional(),
    /** probe-count */
    received: z.int().optional(),
  }),
  z.object({ type: z.literal("error"), id: RequestId, code: z.string(), message: z.string() }),
  z.object({ type: z.literal("room"), room: RoomView }),
  /** A host let this browser in. */
  z.object({ type: z.literal("admitted"), session: Session }),
  z.object({
    type: z.literal("consumer"),
    consumerId: MediaId,
    producerId: MediaId,
    seatId: SeatId,
    medium: TrackKind,
    rtpParameters: RtpParameters,
  }),
  z.object({ type: z.literal("consumer-closed"), consumerId: MediaId }),
  /** Loudest speaker now; levels are dBov, −127..0, of those who can be heard. */
  z.object({
    type: z.literal("levels"),
    activeSeatId: SeatId.nullable(),
    levels: z.array(z.object({ seatId: SeatId, dBov: z.number() })),
  }),
  /** The media server's worker died: build new transports from this and produce again, same seat. */
  z.object({ type: z.literal("reset"), session: Session }),
  z.object({ type: z.literal("caption"), seatId: SeatId, text: z.string(), final: z.boolean() }),
  /** A host muted this person, who is told so and may unmute; or asks them to unmute. */
  z.object({ type: z.literal("microphone-asked"), muted: z.boolean(), byName: z.string() }),
  /** The call is over for everyone; the socket closes next. */
  z.object({ type: z.literal("ended") }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** Pick the version both sides speak, or `undefined` when they share none. */
export function negotiate(
  offered: number,
  ours: { readonly current: number; readonly oldest: number },
): number | undefined {
  const version = Math.min(offered, ours.current);
  return version >= ours.oldest ? version : undefined;
}
