import type { CallSeat, CallState, Participant } from "@verbatim/shared/control/protocol";
import type { LiveLoss, LiveOffer } from "@verbatim/shared/document/live";
import { type InterviewId, type SeatId, speaks, type TrackId } from "@verbatim/shared/ids";
import type { RecordingClock } from "@verbatim/shared/clock";
import type { RecordingId } from "@verbatim/shared/ids";
import type { Transition } from "@verbatim/shared/recording/control";
import { keyTermsOf } from "@verbatim/shared/plan/key-terms";
import type { Suggestion } from "@verbatim/shared/plan/suggestion";
import type { SpeechEngineName } from "@verbatim/shared/speech/service";
import { lampRuns, recordingOff, type RecordingView } from "@verbatim/shared/recording/view";
import { sql } from "kysely";
import {
  begunAt,
  controlOf,
  currentRecording,
  pausedBy,
  recordingControl,
  type RecordingRow,
} from "../control/control-rows.ts";
import { openLosses } from "../control/losses.ts";
import { type MeasuredRun, recordingView } from "../control/recording-view.ts";
import type { TenantTrx } from "../database/database.ts";
import { liveOffers } from "../offers/offer-rows.ts";
import { liveSuggestions } from "../suggestions/suggestion-rows.ts";
import type { InterviewRow } from "../interviews/interview-row.ts";

/** A run that has not been heard of for this long is taken for dead; it says something every second. */
export const LEASE_MS = 15_000;

/** Everything the view and the media server's state are made from. */
export type CallRows = {
  readonly interview: InterviewRow;
  readonly recording: RecordingRow;
  readonly transitions: readonly Transition[];
  readonly control: CallState["recording"];
  readonly runs: readonly MeasuredRun[];
  readonly seats: readonly CallSeat[];
  readonly several: readonly SeatId[];
  readonly losses: readonly LiveLoss[];
  readonly offers: readonly LiveOffer[];
  readonly suggestions: readonly Suggestion[];
  readonly pausedByName: string | undefined;
  readonly begunAtMs: number | null;
};

export async function readCall(trx: TenantTrx, interviewId: InterviewId): Promise<CallRows | undefined> {
  const interview = await trx.selectFrom("interview").selectAll().where("id", "=", interviewId).executeTakeFirst();
  const recording = interview && (await currentRecording(trx, interviewId));
  if (!recording) return undefined;
  const control = await recordingControl(trx, recording);
  return {
    interview,
    recording,
    control,
    transitions: control?.transitions ?? [],
    runs: control ? await measuredRuns(trx, recording.id) : [],
    seats: await callSeats(trx, interviewId),
    several: await severalAt(trx, interviewId),
    losses: await openLosses(trx, interviewId),
    offers: await liveOffers(trx, interviewId),
    suggestions: interview.template ? await liveSuggestions(trx, interviewId) : [],
    pausedByName: await pausedBy(trx, recording),
    begunAtMs: await begunAt(trx, recording),
  };
}

/** Who is in the call as the media server last said; nobody when there is no such interview. */
export async function readParticipants(trx: TenantTrx, interviewId: InterviewId): Promise<Participant[]> {
  const row = await trx.selectFrom("interview").select("participants").where("id", "=", interviewId).executeTakeFirst();
  return row?.participants ?? [];
}

/** Seats that were withdrawn, or left for one to speak, and those whose people answered the notice. */
async function callSeats(trx: TenantTrx, interviewId: InterviewId): Promise<CallSeat[]> {
  const rows = await trx
    .selectFrom("seat")
    .leftJoinLateral(
      (of) =>
        of
          .selectFrom("consent")
          .select("accepted")
          .whereRef("seat_id", "=", "seat.id")
          .whereRef("consent.interview_id", "=", "seat.interview_id")
          .orderBy("consent.id", "desc")
          .limit(1)
          .as("last"),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (of) =>
        of
          .selectFrom("seat_offer")
          .innerJoin("seat as new", "new.id", "seat_offer.new_seat_id")
          .select("new.id as moved_to")
          .whereRef("seat_offer.seat_id", "=", "seat.id")
          .where("new.removed_at", "is", null)
          .limit(1)
          .as("move"),
      (join) => join.onTrue(),
    )
    .select(["seat.id", "seat.removed_at", "last.accepted", "moved_to"])
    .where("seat.interview_id", "=", interviewId)
    .where((eb) => eb.or([eb("seat.removed_at", "is not", null), eb("last.accepted", "is not", null)]))
    .execute();
  return rows.map((row) => ({
    seatId: row.id,
    removed: row.removed_at !== null,
    ...(row.moved_to === null ? {} : { moved: true as const }),
    consented: row.accepted === true,
  }));
}

/** Seats at whose microphone several people sit. */
async function severalAt(trx: TenantTrx, interviewId: InterviewId): Promise<SeatId[]> {
  const rows = await trx
    .selectFrom("seat")
    .select("id")
    .where("interview_id", "=", interviewId)
    .where("several", "=", true)
    .execute();
  return rows.map(({ id }) => id);
}

/** Ages are counted by the database's clock, so that api and recorder need not agree on the time. */
export async function measuredRuns(trx: TenantTrx, recordingId: RecordingId): Promise<MeasuredRun[]> {
  const rows = await trx
    .selectFrom("run")
    .select(["start_samples", "durable_samples", "stored_samples", "end_samples", "backlog", "tracks"])
    .select(sql<number>`extract(epoch from clock_timestamp() - last_seen_at)::float8 * 1000`.as("age_ms"))
    .where("recording_id", "=", recordingId)
    .execute();
  return rows.map((row) => ({
    startSamples: row.start_samples,
    durableSamples: row.durable_samples,
    storedSamples: row.stored_samples,
    endSamples: row.end_samples,
    backlog: row.backlog,
    alive: row.end_samples === null && row.age_ms < LEASE_MS,
    tracks: row.tracks,
  }));
}

/** What everybody reads now. `openSince`: since when each open microphone and camera was seen, UTC ms. */
export function viewOf(
  { interview, recording, transitions, runs, pausedByName, begunAtMs }: CallRows,
  openSince: ReadonlyMap<TrackId, number>,
  nowMs: number,
): RecordingView {
  return recordingView({
    control: controlOf(recording),
    controllerName: recording.controller_name,
    controllerSinceMs: recording.controller_since_ms,
    controllerFrom: recording.controller_from,
    pausedByName,
    clock: recording.clock,
    transitions,
    startedAtMs: recording.started_at?.getTime() ?? null,
    begunAtMs,
    runs,
    participants: interview.participants,
    recordsPictures: interview.record_picture,
    openSince,
    candidateGoneMs: interview.kept_without_candidate ? null : (interview.candidate_gone_at?.getTime() ?? null),
    nowMs,
  });
}

const goodEnough: ReadonlySet<SpeechEngineName> = new Set(["deepgram", "openai"]);

export function callState(rows: CallRows, revision: number, view: RecordingView): CallState {
  const { interview } = rows;
  return {
    tenantId: interview.tenant_id,
    interviewId: interview.id,
    revision,
    title: interview.title,
    language: interview.language,
    keyTerms: keyTermsOf(namesIn(interview), interview.template),
    startsAtMs: interview.starts_at.getTime(),
    durationMinutes: interview.duration_minutes,
    recording: rows.control,
    view,
    captionsForCandidate: interview.captions_for_candidate,
    // Offline speech guesses too often to be put before a candidate unasked.
    ownCaptions: interview.speech !== null && goodEnough.has(interview.speech.engine),
    picture: interview.record_picture,
    ended: interview.ended_at !== null || interview.cancelled_at !== null,
    seats: [...rows.seats],
    chat: interview.chat_seq,
    several: [...rows.several],
  };
}

/** Who will be spoken to by name: the candidate, and those who ask. Observers are not heard of. */
const namesIn = ({ candidate_name, participants }: InterviewRow): string[] => [
  candidate_name,
  ...participants.filter(({ role }) => speaks(role)).map(({ name }) => name),
];

/** Less than the time between two looks at a running recording. */
const REPEAT_MS = 900;

/**
 * Stores a new view unless somebody else changed the call meanwhile; answers what stands now, if it did. A view of
 * which only the time is new is stored again while a recording runs, and not while nothing can change by itself.
 */
export async function writeView(
  trx: TenantTrx,
  interview: InterviewRow,
  view: RecordingView,
): Promise<{ readonly revision: number; readonly view: RecordingView } | undefined> {
  const { view: stored, call_revision: revision } = interview;
  if (stored && sameView(stored, view) && !worthRepeating(stored, view)) return { revision, view: stored };
  const written = await trx
    .updateTable("interview")
    .set({ view: JSON.stringify(view), call_revision: revision + 1 })
    .where("id", "=", interview.id)
    .where("call_revision", "=", revision)
    .returning("call_revision")
    .executeTakeFirst();
  return written && { revision: written.call_revision, view };
}

/** jsonb keeps no order of keys, so texts cannot be compared. */
function sameView(stored: RecordingView, view: RecordingView): boolean {
  return (Object.keys(recordingOff) as (keyof RecordingView)[]).every((key) => stored[key] === view[key]);
}

const worthRepeating = (stored: RecordingView, view: RecordingView): boolean =>
  lampRuns(view.lamp) && (view.measuredAtMs ?? 0) - (stored.measuredAtMs ?? 0) >= REPEAT_MS;

/** The clock and the stamps that the media server gave; the first ones stand. True when something was new. */
export async function writeStamps(
  trx: TenantTrx,
  recordingId: RecordingId,
  clock: RecordingClock | null,
  transitions: readonly Transition[],
): Promise<boolean> {
  let changed = false;
  if (clock) {
    const done = await trx
      .updateTable("recording")
      .set({ clock: JSON.stringify(clock) })
      .where("id", "=", recordingId)
      .where("clock", "is", null)
      .executeTakeFirst();
    changed ||= done.numUpdatedRows > 0n;
  }
  for (const { revision, atUs } of transitions) {
    if (atUs === null) continue;
    const done = await trx
      .updateTable("transition")
      .set({ at_us: atUs })
      .where("recording_id", "=", recordingId)
      .where("revision", "=", revision)
      .where("at_us", "is", null)
      .executeTakeFirst();
    changed ||= done.numUpdatedRows > 0n;
  }
  return changed;
}
