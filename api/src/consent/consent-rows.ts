import { sql } from "kysely";
import { speaks, type InterviewId, type Role, type SeatId } from "@verbatim/shared/ids";
import { seatsInCall } from "../calls/in-call.ts";
import type { TenantTrx } from "../database/database.ts";
import type { InterviewRow } from "../interviews/interview-row.ts";

/** Everyone who speaks is recorded, and answers the notice before; who listens is not. */
export const mustConsent = (role: Role): boolean => speaks(role);

/** Answers and starts of one interview follow one another: whoever starts reads the last answer, or is paused by it. */
export async function consentLock(trx: TenantTrx, interviewId: InterviewId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('verbatim.consent'), hashtext(${interviewId}))`.execute(trx);
}

export type Consent = { readonly version: string; readonly accepted: boolean; readonly at: Date };

/** What this seat's person answered last; nothing before the first answer. */
export async function lastConsent(
  trx: TenantTrx,
  seat: { readonly interviewId: InterviewId; readonly seatId: SeatId },
): Promise<Consent | undefined> {
  const last = await trx
    .selectFrom("consent")
    .select(["notice_version", "accepted", "at"])
    .where("interview_id", "=", seat.interviewId)
    .where("seat_id", "=", seat.seatId)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return last && { version: last.notice_version, accepted: last.accepted, at: last.at };
}

export type SpeakersAnswer = {
  readonly seatId: SeatId;
  readonly role: Role;
  readonly name: string;
  /** Null before the first answer. */
  readonly accepted: boolean | null;
  readonly at: Date | null;
};

/** The last answer of every seat that may speak and was not withdrawn. */
export async function speakersAnswers(trx: TenantTrx, interviewId: InterviewId): Promise<SpeakersAnswer[]> {
  const rows = await trx
    .selectFrom("seat")
    .leftJoinLateral(
      (of) =>
        of
          .selectFrom("consent")
          .select(["accepted", "at"])
          .whereRef("consent.seat_id", "=", "seat.id")
          .whereRef("consent.interview_id", "=", "seat.interview_id")
          .orderBy("consent.id", "desc")
          .limit(1)
          .as("last"),
      (join) => join.onTrue(),
    )
    .select(["seat.id", "seat.role", "seat.name", "last.accepted", "last.at"])
    .where("seat.interview_id", "=", interviewId)
    .where("seat.removed_at", "is", null)
    .where("seat.role", "!=", "observer")
    .execute();
  return rows.map(({ id, role, name, accepted, at }) => ({ seatId: id, role, name, accepted, at }));
}

/** Why nothing may be recorded now, in a sentence; undefined when everyone who speaks agreed. */
export async function whyNotRecorded(trx: TenantTrx, interview: InterviewRow): Promise<string | undefined> {
  const answers = await speakersAnswers(trx, interview.id);
  const candidate = answers.find(({ role }) => role === "candidate");
  if (!candidate || candidate.accepted === null) return "The candidate has not accepted the notice yet.";
  const present = seatsInCall(interview.participants);
  const against = answers.find(
    ({ seatId, role, accepted }) => accepted !== true && (role === "candidate" || present.has(seatId)),
  );
  return against && `${against.name} does not agree to be recorded. The call can go on without a recording.`;
}
