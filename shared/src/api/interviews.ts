import { z } from "zod";
import { InterviewId, RecordingId, Role, SeatId } from "../ids.ts";
import { languageTags } from "../languages.ts";
import { GapCause } from "../recording/manifest.ts";
import { SuggestionState } from "../plan/suggestion.ts";
import { Template } from "../plan/template.ts";
import { MediaType } from "../recording/keys.ts";
import { RecordingState } from "../recording/state.ts";
import { RecordingView } from "../recording/view.ts";
import { Text } from "../text.ts";
import { ChatMessage } from "./chat.ts";
import { contract, nothing } from "./contract.ts";
import { Contact, KeptMonths, Notice, OwnNotice } from "./notice.ts";
import { SpeechPlan } from "../speech/service.ts";
import { ReviewPicture } from "./pictures.ts";

const Title = Text.min(1, "is needed").max(200);
const PersonName = Text.min(1, "is needed").max(120);
const Zone = z.string().max(64).refine(isZone, "must be a time zone such as Europe/Vienna");

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    // RangeError is how Intl says no; there is no other question to ask it.
    return false;
  }
}

export const InterviewDraft = z.strictObject({
  title: Title,
  candidateName: PersonName,
  startsAt: z.iso.datetime({ error: "must be a date and time" }),
  zone: Zone,
  durationMinutes: z.int().min(5, "must be at least 5 minutes").max(480, "must be at most 8 hours"),
  language: z.enum(languageTags),
  autoStart: z.boolean(),
  /** Cameras and shared screens are recorded beside the sound; they are when it is left out. */
  recordPicture: z.boolean().optional(),
  /** Whom people with a link ask; the account's e-mail address when it is left out. */
  contact: Contact.optional(),
  /** How long the organisation keeps what is recorded; the notice says it. */
  keptMonths: KeptMonths.optional(),
  /** The notice in the interview's language in staff's own words; empty is the text that comes with Verbatim. */
  notice: OwnNotice.optional(),
  /** The plan for the talk, as the interview's own copy; null for none. Left out, a new interview has none and another keeps its own. */
  template: Template.nullable().optional(),
});
export type InterviewDraft = z.infer<typeof InterviewDraft>;

/** For a new interview that does not say. */
export const PICTURE_BY_DEFAULT = true;
export const KEPT_MONTHS_BY_DEFAULT = 6;

/** What an interview is doing, in the words the list shows. */
export const InterviewState = z.enum([
  "scheduled",
  "waiting",
  "live",
  "recording",
  "making",
  "ready",
  "failed",
  "ended",
  "cancelled",
]);
export type InterviewState = z.infer<typeof InterviewState>;

export const InterviewSummary = z.object({
  id: InterviewId,
  title: z.string(),
  candidateName: z.string(),
  startsAt: z.string(),
  zone: z.string(),
  durationMinutes: z.int(),
  language: z.string(),
  autoStart: z.boolean(),
  state: InterviewState,
  /** Whether people can come in: also while a recording is made, as long as the call goes on. */
  open: z.boolean(),
  /** People in the call now. */
  present: z.int(),
});
export type InterviewSummary = z.infer<typeof InterviewSummary>;

const InvitedRole = Role.exclude(["interviewer"]);

/** A way in for others; the token stands in the fragment. */
export const InvitationLink = z.object({ role: InvitedRole, url: z.string(), since: z.string() });
export type InvitationLink = z.infer<typeof InvitationLink>;

export const Interview = InterviewSummary.extend({
  /** Those that work; one that was withdrawn is missing. */
  links: z.array(InvitationLink),
  /** Roles without one that works, and when their last one was withdrawn. */
  withdrawnLinks: z.array(z.object({ role: InvitedRole, since: z.string() })),
  contact: z.string(),
  keptMonths: z.int(),
  recordPicture: z.boolean(),
  template: Template.nullable(),
  notice: Notice,
  /** What staff wrote, as they wrote it; empty while the text that comes with Verbatim stands. */
  ownNotice: z.string(),
  /** What the candidate answered last, or null. */
  consent: z.object({ accepted: z.boolean(), at: z.string() }).nullable(),
  /** What still changes: everything; title and names alone, while people are in the call or since it began; or nothing, as it is cancelled. */
  mayEdit: z.enum(["all", "names_present", "names_begun", "nothing"]),
  /** Whether it can be cancelled, or why not. */
  mayCancel: z.enum(["yes", "recording", "over", "cancelled"]),
  /** When it was planned before it was moved, or null. */
  movedFrom: z.string().nullable(),
  recording: RecordingView,
  /** The server's clock when this was answered, UTC ms: how old the recording's figures are is counted by it. */
  serverNowMs: z.int(),
  /** Speech engine that will be used, and why none if none. */
  speech: SpeechPlan,
});
export type Interview = z.infer<typeof Interview>;

export const listInterviews = contract({
  method: "GET",
  path: "/v1/interviews",
  body: nothing,
  reply: z.object({ interviews: z.array(InterviewSummary) }),
});

export const createInterview = contract({
  method: "POST",
  path: "/v1/interviews",
  body: InterviewDraft,
  reply: Interview,
});

export const getInterview = contract({
  method: "GET",
  path: "/v1/interviews/:interviewId",
  body: nothing,
  reply: Interview,
});

export const ReviewWord = z.object({
  text: z.string(),
  startMs: z.int(),
  endMs: z.int(),
  confidence: z.number(),
  engineMs: z.int().optional(),
  answeredMs: z.int().optional(),
});

export const ReviewSegment = z.object({
  id: z.string(),
  seatId: SeatId,
  role: Role,
  speaker: z.string(),
  startMs: z.int(),
  endMs: z.int(),
  text: z.string(),
  words: z.array(ReviewWord),
});
export type ReviewSegment = z.infer<typeof ReviewSegment>;

/** A follow-up question that was suggested, with what became of it; its quote as the live transcript had it. */
export const ReviewSuggestion = z.object({
  id: z.string(),
  /** The end of the answer it was made for. */
  atMs: z.int(),
  source: z.enum(["rules", "model"]),
  text: z.string(),
  competency: z.string(),
  quote: z.object({ text: z.string(), startMs: z.int(), endMs: z.int() }).nullable(),
  state: z.enum([...SuggestionState.options, "expired"]),
  byName: z.string(),
  /** How long a provider was waited for; 0 where none was asked. */
  providerMs: z.int(),
});

export const ReviewChunk = z.object({
  key: z.string(),
  mediaType: MediaType,
  run: z.string(),
  track: z.string(),
  seq: z.int(),
  startMs: z.int(),
  endMs: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  source: z.string(),
});

/** Everything known of one recording of an interview, during and after it. Links are signed and expire in 5 minutes. */
export const Review = z.object({
  recordingId: RecordingId,
  /** 1 for the first recording of the interview; Start after closing makes part 2. */
  part: z.int(),
  state: RecordingState,
  /** UTC of position 0; null until the sfu has accepted Start. */
  startedAt: z.string().nullable(),
  durationMs: z.int(),
  masterKey: z.string().nullable(),
  masterUrl: z.string().nullable(),
  tracks: z.array(z.object({ seatId: SeatId, role: Role, speaker: z.string(), key: z.string(), url: z.string() })),
  coverage: z.array(z.object({ seatId: SeatId, role: Role, speaker: z.string(), ratio: z.number() })),
  gaps: z.array(
    z.object({ seatId: SeatId, role: Role, speaker: z.string(), startMs: z.int(), endMs: z.int(), cause: GapCause }),
  ),
  absences: z.array(z.object({ seatId: SeatId, role: Role, speaker: z.string(), startMs: z.int(), endMs: z.int() })),
  problems: z.array(z.object({ key: z.string(), problem: z.string() })),
  pictures: z.array(ReviewPicture),
  chunks: z.array(ReviewChunk),
  segments: z.array(ReviewSegment),
  suggestions: z.array(ReviewSuggestion),
});
export type Review = z.infer<typeof Review>;

export const getReview = contract({
  method: "GET",
  path: "/v1/interviews/:interviewId/review",
  body: nothing,
  /** What was written in the call belongs to the interview, not to one of its recordings. */
  reply: z.object({ recordings: z.array(Review), chat: z.array(ChatMessage) }),
});

/**
 * GET, not JSON, below `/v1/interviews/:interviewId/recordings/:recordingId/`: `transcript.{txt|vtt|json}` downloads the
 * transcript; `master` and `tracks/:seatId` lead on to the sound by a fresh link, with `?download` to save it.
 */
export const transcriptFormats = ["txt", "vtt", "json"] as const;

/**
 * Takes one's own seat in an interview by account; sets the cookie for that role. `accepts` is the version of the notice that
 * stood beside the button: an interviewer is recorded too, and agrees by joining.
 */
export const joinByAccount = contract({
  method: "POST",
  path: "/v1/interviews/:interviewId/join",
  body: z.strictObject({ role: z.enum(["interviewer", "observer"]), accepts: z.string().max(64).optional() }),
  reply: z.object({ seatId: SeatId }),
});
