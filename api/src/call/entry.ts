import type { Entry } from "@verbatim/shared/api/call";
import { lastConsent } from "../consent/consent-rows.ts";
import type { Database } from "../database/database.ts";
import { interviewOf } from "../interviews/interview-row.ts";
import { speechPlan } from "../interviews/speech-engine.ts";
import { currentNotice, type NoticeSettings } from "../notices/notice-rows.ts";
import type { Seat } from "../seats/seats.ts";

export type Entries = {
  get(seat: Seat): Promise<Entry>;
};

export function createEntries(deps: { readonly database: Database; readonly settings: NoticeSettings }): Entries {
  const { database, settings } = deps;
  return {
    get: (seat) =>
      database.tenant(seat.tenantId, async (trx) => {
        const interview = await interviewOf(trx, seat.interviewId);
        const { name } = await trx
          .selectFrom("seat")
          .select("name")
          .where("id", "=", seat.seatId)
          .executeTakeFirstOrThrow();
        const consent = await lastConsent(trx, seat);
        return {
          interviewId: seat.interviewId,
          seatId: seat.seatId,
          role: seat.role,
          name,
          account: seat.account,
          person: seat.person,
          title: interview.title,
          organisation: interview.organisation,
          candidateName: interview.candidate_name,
          hostName: interview.host_name,
          startsAt: interview.starts_at.toISOString(),
          zone: interview.zone,
          durationMinutes: interview.duration_minutes,
          language: interview.language,
          notice: await currentNotice(trx, interview, settings),
          consented: consent?.accepted ? consent.version : null,
          declined: consent?.accepted === false,
          over: interview.ended_at !== null,
          cancelled: interview.cancelled_at !== null,
          movedFrom: interview.moved_from?.toISOString() ?? null,
          contact: interview.contact,
          captionsForCandidate: interview.captions_for_candidate,
          speech: speechPlan(settings.speech(), interview.language),
        };
      }),
  };
}
