import { z } from "zod";
import { Participant } from "../control/protocol.ts";
import { LivePlan } from "../plan/live-plan.ts";
import { Suggestion } from "../plan/suggestion.ts";
import { SpeechState } from "../events/protocol.ts";
import { RecordingView } from "../recording/view.ts";

/**
 * The live document: a Yjs document that only the api writes. Websocket path `/live/{interview}` on the api's
 * port, y-websocket's protocol, ticket in the query.
 *
 *   meta         Y.Map    "interview" → LiveInterview, "speech" → SpeechState,
 *                         "losses" → LiveLoss[] (for the banner of who lost control and has not said yet that they know),
 *                         "offers" → LiveOffer[] (for the observer who was offered a seat to speak, and who offers it),
 *                         "plan" → LivePlan, absent without a template,
 *                         "recording" → RecordingView as it was when something else than its figures changed last,
 *                         "marks" → how many acts there are on the transcript; pages fetch those they lack
 *   participants Y.Map    seat → Participant
 *   transcript   Y.Array  of [id, seat, text, packed word times]; append-only, in the order of arrival
 *   suggestions  Y.Map    id → Suggestion, those that still matter
 *
 * What changes all the time is told beside it on the same socket, and never stored: unfinished words and the recording's
 * figures (LiveNow). They were items of the document once: the past of what is replaced stays in it, and took 16 of the
 * 151 kB of an hour, several times a second something was stored that nobody needs again, and words waited for the database.
 */
export const liveRoots = {
  meta: "meta",
  participants: "participants",
  transcript: "transcript",
  suggestions: "suggestions",
} as const;

export const LiveInterview = z.object({
  title: z.string(),
  candidateName: z.string(),
  startsAtMs: z.int(),
  durationMinutes: z.int(),
  language: z.string(),
  /** The candidate reads captions of everyone. Absent from servers older than it. */
  captionsForCandidate: z.boolean().optional(),
  ended: z.boolean(),
});
export type LiveInterview = z.infer<typeof LiveInterview>;

export const LiveInterim = z.object({ startMs: z.int(), text: z.string() });
export type LiveInterim = z.infer<typeof LiveInterim>;

/** What it is about and what holds now: "recording" with its RecordingView, or a seat with its LiveInterim; null: it is over. */
export const LiveNow = z.tuple([z.string(), z.unknown()]);
export type LiveNow = z.infer<typeof LiveNow>;

/** Beside the ticket in the address of who has nothing of the document yet: it is sent before it is asked for, which saves a round trip. */
export const LIVE_FROM_START = { from: "start" } as const;

/**
 * The frame that tells it; y-websocket leaves types above 3 to us, and notes have 4. Behind the type: 1 when whatever is not
 * named is over, else 0, and the JSON of a list of LiveNow. The whole list comes behind every answer to a step 1.
 */
export const MESSAGE_NOW = 5;
export const LiveNowList = z.array(LiveNow);

/** Control was taken from this seat, the last time that its person has not acknowledged. */
export const LiveLoss = z.object({ seatId: z.string(), epoch: z.int(), byName: z.string(), atMs: z.int() });
export type LiveLoss = z.infer<typeof LiveLoss>;

/** This observer's seat was offered a co-interviewer's; told until its time has run out, it was withdrawn, or they have moved. */
export const LiveOffer = z.object({
  offerId: z.string(),
  seatId: z.string(),
  name: z.string(),
  bySeatId: z.string(),
  byName: z.string(),
  answer: z.enum(["open", "accepted", "declined"]),
});
export type LiveOffer = z.infer<typeof LiveOffer>;

/** One final segment as it lies in the array. */
export const LiveSegment = z.tuple([z.string(), z.string(), z.string(), z.instanceof(Uint8Array)]);
export type LiveSegment = z.infer<typeof LiveSegment>;

export const LiveMeta = {
  interview: LiveInterview,
  recording: RecordingView,
  speech: SpeechState,
  losses: z.array(LiveLoss),
  offers: z.array(LiveOffer),
  plan: LivePlan,
  marks: z.int(),
};
export const LiveParticipant = Participant;
export const LiveSuggestion = Suggestion;

/** Frames the server sends at least this often, because the stock client drops a silent socket after 30 s. */
export const LIVE_KEEPALIVE_MS = 10_000;

/** A segment's id is speaker + first position: a repeated event is a no-op. */
export const segmentId = (seatId: string, startMs: number): string => `${seatId}:${startMs}`;

/** A segment's id in the document, where parts of an interview, each with a clock of its own, stand behind one another. */
export const documentSegmentId = (part: number, seatId: string, startMs: number): string =>
  inPart(part, segmentId(seatId, startMs));

/** A segment's id with its part before it, as documents have it. */
export const inPart = (part: number, id: string): string => `${part === 1 ? "" : `${part}/`}${id}`;

/** Part and exact start that an id of the document names; undefined for what is none. */
export function readSegmentId(id: string): { readonly part: number; readonly startMs: number } | undefined {
  const found = /^(?:(\d+)\/)?[^/:]+:(\d+)$/.exec(id);
  return found ? { part: Number(found[1] ?? 1), startMs: Number(found[2]) } : undefined;
}
