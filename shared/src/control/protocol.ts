import { z } from "zod";
import { InterviewId, Role, SeatId, TenantId } from "../ids.ts";
import { RecordingControl, Transition } from "../recording/control.ts";
import { RecordingClock } from "../clock.ts";
import { KeyTerms } from "../plan/key-terms.ts";
import { RecordingView } from "../recording/view.ts";

/**
 * api ⇄ sfu, on the sfu's loopback port at /control, dialled by the api with a service token (audience "control").
 * The api repeats the whole state of a call until it is acknowledged; the sfu stamps transitions with its
 * monotonic clock when it first accepts them and says so in the answer. Both sides send whole states, so
 * repetition and reconnection need no bookkeeping.
 */
export const controlProtocol = { current: 1, oldest: 1 } as const;

const RequestId = z.int().min(0);

/** What the sfu must know of a call. `revision` only grows; an older state is ignored. */
export const CallState = z.object({
  tenantId: TenantId,
  interviewId: InterviewId,
  revision: z.int().min(0),
  title: z.string().max(200),
  language: z.string().max(16),
  /** What speech recognition is to listen for. Not said: nothing. */
  keyTerms: KeyTerms.default([]),
  startsAtMs: z.int(),
  durationMinutes: z.int().positive(),
  recording: RecordingControl.nullable(),
  /** Shown to everybody in the call, the candidate too. */
  view: RecordingView,
  /** A host lets the candidate read captions: everybody's, whatever understood them. */
  captionsForCandidate: z.boolean(),
  /** The candidate reads captions of their own words unasked. Not said: no. */
  ownCaptions: z.boolean().default(false),
  /** Camera and screen are recorded beside the sound. Not said: they are not. */
  picture: z.boolean().default(false),
  /** How many messages the chat has; pages fetch what they lack from the api. */
  chat: z.int().min(0).default(0),
  /** The call is over for everyone. */
  ended: z.boolean(),
  /** Seats at whose microphone several people sit. */
  several: z.array(SeatId).default([]),
  /**
   * Seats of which more is known than their tickets said: withdrawn ones, those among them whose people have a seat to speak
   * in their place, and whether their people agree now.
   */
  seats: z
    .array(
      z.object({ seatId: SeatId, removed: z.boolean(), moved: z.literal(true).optional(), consented: z.boolean() }),
    )
    .default([]),
});
export type CallState = z.infer<typeof CallState>;
export type CallSeat = CallState["seats"][number];

export const ApiToSfu = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("hello"), id: RequestId, protocol: z.int() }),
  z.strictObject({ type: z.literal("call"), id: RequestId, call: CallState }),
  /** Every call that is not over, once after each connection: what a restarted sfu is not told of has ended meanwhile. */
  z.strictObject({ type: z.literal("calls"), id: RequestId, interviewIds: z.array(InterviewId) }),
  /** Words on their way to candidates' captions; best effort, never repeated. */
  z.strictObject({
    type: z.literal("caption"),
    interviewId: InterviewId,
    seatId: SeatId,
    text: z.string().max(2000),
    final: z.boolean(),
  }),
]);
export type ApiToSfu = z.infer<typeof ApiToSfu>;

/** `phone`: it took sound and picture from the page. `system`: a computer holds the microphone silent, the rest goes on. */
export const HeldBy = z.enum(["phone", "system"]);
export type HeldBy = z.infer<typeof HeldBy>;

export const Participant = z.object({
  seatId: SeatId,
  role: Role,
  name: z.string(),
  /** `knocking`: waits to be admitted. `away`: connection lost ≥ 3 s, seat kept. `left`: gone for good, or ≥ 30 s away. */
  presence: z.enum(["knocking", "here", "away", "left"]),
  microphone: z.enum(["none", "on", "muted"]),
  camera: z.boolean(),
  screen: z.boolean(),
  quality: z.enum(["unknown", "good", "fair", "poor"]),
  /** Their phone took sound and picture from the page: locked, in a phone call, another app in front. */
  paused: z.literal(true).optional(),
  /** Their computer holds the microphone silent: a switch, or another program. */
  silenced: z.literal(true).optional(),
  /** Several people sit at this microphone; the name says so too. */
  several: z.literal(true).optional(),
  /** The person accepted the notice that stands for this interview; staff accept by account. */
  consented: z.boolean(),
});
export type Participant = z.infer<typeof Participant>;

/** A change of a speaking seat's presence on the sfu's clock, for coverage. */
export const PresenceChange = z.object({
  seatId: SeatId,
  role: Role,
  presence: z.enum(["here", "away", "left"]),
  atUs: z.int(),
});
export type PresenceChange = z.infer<typeof PresenceChange>;

export const SfuToApi = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ok"),
    id: RequestId,
    /** On call: the recording's transitions with their stamps, and the clock once started. */
    accepted: z
      .object({
        revision: z.int(),
        clock: RecordingClock.nullable(),
        transitions: z.array(Transition),
      })
      .optional(),
  }),
  z.object({ type: z.literal("error"), id: RequestId, code: z.string(), message: z.string() }),
  /** The whole state of a room on every change and at reconnect. `presence` lists changes since the room was made, of one seat not without end. */
  z.object({
    type: z.literal("room"),
    tenantId: TenantId,
    interviewId: InterviewId,
    participants: z.array(Participant),
    presence: z.array(PresenceChange),
  }),
]);
export type SfuToApi = z.infer<typeof SfuToApi>;
