import { z } from "zod";
import { InterviewId, Role, SeatId } from "../ids.ts";
import { ControlAction } from "../recording/state.ts";
import { RecordingView } from "../recording/view.ts";
import { Text } from "../text.ts";
import { contract, done, nothing } from "./contract.ts";
import { SpeechPlan } from "../speech/service.ts";
import { Notice } from "./notice.ts";

/**
 * What a person with a seat may do. The cookie of `{interview, role}` says who asks, so that staff,
 * candidate and observer tabs live side by side in one browser; the role in the path only picks the cookie.
 */
const seat = "/v1/call/:interviewId/:role";

/** Exchanges a link's token (from the fragment) for an HttpOnly cookie. Loading the page changes nothing; this does. */
export const openLink = contract({
  method: "POST",
  path: "/v1/links/open",
  body: z.strictObject({ token: z.string().max(400) }),
  reply: z.object({ interviewId: InterviewId, role: Role }),
});

export const Entry = z.object({
  interviewId: InterviewId,
  seatId: SeatId,
  role: Role,
  /** Empty until a guest has said who they are. */
  name: z.string(),
  /** Has an account in the organisation; others came by a link. Not said: no. */
  account: z.boolean().optional(),
  /** Under whose name the browser keeps what this person wrote: the same on the interview's page. Not said: the seat's. */
  person: z.string().optional(),
  title: z.string(),
  organisation: z.string(),
  candidateName: z.string(),
  hostName: z.string(),
  startsAt: z.string(),
  zone: z.string(),
  durationMinutes: z.int(),
  language: z.string(),
  notice: Notice,
  /** Version accepted, or null. */
  consented: z.string().nullable(),
  /** The last answer was no: the person may come in, and nothing is recorded. */
  declined: z.boolean(),
  over: z.boolean(),
  cancelled: z.boolean(),
  /** When the interview was planned before it was moved, or null. */
  movedFrom: z.string().nullable(),
  /** Whom to ask, empty when nobody gave an address. */
  contact: z.string(),
  captionsForCandidate: z.boolean(),
  speech: SpeechPlan,
});
export type Entry = z.infer<typeof Entry>;

export const getEntry = contract({ method: "GET", path: seat, body: nothing, reply: Entry });

export const giveName = contract({
  method: "POST",
  path: `${seat}/name`,
  body: z.strictObject({ name: Text.min(1, "is needed").max(120) }),
  reply: Entry,
});

/**
 * Stores the answer with the notice's version and time. A no pauses a running recording at once; nothing is recorded until
 * the same person says yes.
 */
export const giveConsent = contract({
  method: "POST",
  path: `${seat}/consent`,
  body: z.strictObject({ version: z.string().max(64), accepted: z.boolean() }),
  reply: Entry,
});

/** A single-use ticket for one socket, good for 30 s. `url` is the socket's address without the ticket. */
export const takeTicket = contract({
  method: "POST",
  path: `${seat}/ticket`,
  body: z.strictObject({ for: z.enum(["call", "probe", "document"]) }),
  reply: z.object({ ticket: z.string(), url: z.string() }),
});

/** What a change of control answers: the state after it, also when another won (status 409 names the winner). */
export const Controlled = z.object({ epoch: z.int(), controllerSeatId: SeatId.nullable(), recording: RecordingView });
export type Controlled = z.infer<typeof Controlled>;

/** Start, pause, resume, stop, undo or take over. `epoch` is the one the person saw; a stale one loses. */
export const control = contract({
  method: "POST",
  path: `${seat}/control`,
  body: z.strictObject({ action: ControlAction, epoch: z.int().min(0) }),
  reply: Controlled,
});

/** Whoever controls the recording passes it to somebody of their side who is in the call. A stale epoch loses. */
export const handOver = contract({
  method: "POST",
  path: `${seat}/hand-over`,
  body: z.strictObject({ seatId: SeatId, epoch: z.int().min(0) }),
  reply: Controlled,
});

/** The previous controller has read the banner; carries the last position it knew to be safe. Changes nothing else. */
export const acknowledge = contract({
  method: "POST",
  path: `${seat}/acknowledge`,
  body: z.strictObject({ epoch: z.int().min(0), safeMs: z.int().min(0) }),
  reply: done,
});

/** Staff: the recording goes on though the candidate has left; otherwise it pauses 60 s after that. */
export const keepRecording = contract({ method: "POST", path: `${seat}/keep`, body: nothing, reply: done });

/** Hosts: end the call for everyone; a running recording is stopped. */
export const endCall = contract({ method: "POST", path: `${seat}/end`, body: nothing, reply: done });

/** Hosts: close somebody's place for good; it is free at once. */
export const removePerson = contract({
  method: "POST",
  path: `${seat}/remove`,
  body: z.strictObject({ seatId: SeatId }),
  reply: done,
});

/** Hosts, and who sits there: several people speak into one seat's microphone, so its words are nobody's alone. */
export const markSeveral = contract({
  method: "POST",
  path: `${seat}/several`,
  body: z.strictObject({ seatId: SeatId, on: z.boolean() }),
  reply: done,
});

/** Hosts: whether the candidate may read captions of all speakers and of offline speech. */
export const allowCaptions = contract({
  method: "POST",
  path: `${seat}/captions`,
  body: z.strictObject({ on: z.boolean() }),
  reply: done,
});
