import type { Entry } from "@verbatim/shared/api/call";
import { DomainError } from "@verbatim/shared/errors";
import { type Role, speaks } from "@verbatim/shared/ids";
import type { Database, TenantTrx } from "../database/database.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { speechPlan } from "../interviews/speech-engine.ts";
import type { Seat } from "../seats/seats.ts";
import { NOTICE_VERSION, noticeFor } from "./notice.ts";

export type Entries = {
  get(seat: Seat): Promise<Entry>;
  giveConsent(seat: Seat, answer: { readonly version: string; readonly accepted: boolean }): Promise<void>;
};

/** Whoever speaks and came by a link must have accepted the notice; staff accept by their account. */
export const mustConsent = (seat: { readonly role: Role; readonly account: boolean }): boolean =>
  speaks(seat.role) && !seat.account;

/** The notice's version that this seat's person accepted last and has not withdrawn. */
export async function acceptedVersion(trx: TenantTrx, seat: Seat): Promise<string | null> {
  if (!mustConsent(seat)) return NOTICE_VERSION;
  const last = await trx
    .selectFrom("consent")
    .select(["notice_version", "accepted"])
    .where("interview_id", "=", seat.interviewId)
    .where("seat_id", "=", seat.seatId)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.accepted ? last.notice_version : null;
}

export function createEntries(deps: {
  readonly database: Database;
  readonly speech: { readonly deepgram: boolean; readonly offline: boolean };
}): Entries {
  const { database } = deps;
  return {
    get: (seat) =>
      database.tenant(seat.tenantId, async (trx) => {
        const interview = await trx
          .selectFrom("interview")
          .selectAll()
          .where("id", "=", seat.interviewId)
          .executeTakeFirst();
        if (!interview) throw notFound();
        const { name } = await trx
          .selectFrom("seat")
          .select("name")
          .where("id", "=", seat.seatId)
          .executeTakeFirstOrThrow();
        return {
          interviewId: seat.interviewId,
          seatId: seat.seatId,
          role: seat.role,
          name,
          title: interview.title,
          organisation: interview.organisation,
          candidateName: interview.candidate_name,
          hostName: interview.host_name,
          startsAt: interview.starts_at.toISOString(),
          zone: interview.zone,
          durationMinutes: interview.duration_minutes,
          language: interview.language,
          notice: noticeFor(interview.language),
          consented: await acceptedVersion(trx, seat),
          over: interview.ended_at !== null,
          cancelled: interview.cancelled_at !== null,
          movedFrom: interview.moved_from?.toISOString() ?? null,
          contact: interview.contact,
          captionsForCandidate: interview.captions_for_candidate,
          speech: speechPlan(deps.speech, interview.language),
        };
      }),
    async giveConsent(seat, answer) {
      if (answer.version !== NOTICE_VERSION) {
        throw new DomainError("state.conflict", "version: the notice has changed. Please read it again.");
      }
      await database.tenant(seat.tenantId, async (trx) => {
        const { language } = await trx
          .selectFrom("interview")
          .select("language")
          .where("id", "=", seat.interviewId)
          .executeTakeFirstOrThrow();
        await trx
          .insertInto("consent")
          .values({
            tenant_id: seat.tenantId,
            interview_id: seat.interviewId,
            seat_id: seat.seatId,
            device_id: seat.deviceId,
            notice_version: answer.version,
            language: noticeFor(language).language,
            accepted: answer.accepted,
          })
          .execute();
      });
    },
  };
}
