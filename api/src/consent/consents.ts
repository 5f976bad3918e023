import { DomainError } from "@verbatim/shared/errors";
import { step } from "@verbatim/shared/recording/state";
import { sql } from "kysely";
import type { InterviewRow } from "../interviews/interview-row.ts";
import { seatsInCall } from "../calls/in-call.ts";
import { controlOf, lockedRecording } from "../control/control-rows.ts";
import { apply } from "../control/apply.ts";
import type { At } from "../control/controls.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { auditSeat } from "../interviews/audit.ts";
import { currentNotice, keepNotice, type NoticeSettings } from "../notices/notice-rows.ts";
import type { Seat } from "../seats/seats.ts";
import { consentLock, lastConsent, mustConsent } from "./consent-rows.ts";

export type Consents = {
  /**
   * Stores an answer with the notice's version and time. A no pauses a running recording at once, and nothing is
   * recorded until the same person says yes again. Throws `notice.changed` for a yes to another notice than stands now.
   */
  give(seat: Seat, answer: { readonly version: string; readonly accepted: boolean }): Promise<void>;
  /** A yes by the act of joining, where the notice stood beside the button. One to an older notice is no answer. */
  giveByJoining(seat: Seat, version: string): Promise<void>;
};

export function createConsents(deps: {
  readonly database: Database;
  readonly settings: NoticeSettings;
  readonly nowMs: () => number;
  /** Tells a call that is live of it: media server, document, everybody's page. */
  readonly changed: (at: At) => Promise<void>;
}): Consents {
  const { database, settings, nowMs } = deps;

  const store = async (
    seat: Seat,
    accepted: boolean,
    mayStore: (trx: TenantTrx, version: string) => Promise<boolean>,
  ): Promise<void> => {
    const stored = await database.tenant(seat.tenantId, async (trx) => {
      await consentLock(trx, seat.interviewId);
      const row = await lockedRecording(trx, seat.interviewId);
      const interview = await trx
        .selectFrom("interview")
        .selectAll()
        .where("id", "=", seat.interviewId)
        .executeTakeFirst();
      if (!interview || !row) throw notFound();
      const notice = await currentNotice(trx, interview, settings);
      if (!(await mayStore(trx, notice.version))) return false;
      await keepNotice(trx, interview, notice);
      await trx
        .insertInto("consent")
        .values({
          tenant_id: seat.tenantId,
          interview_id: seat.interviewId,
          seat_id: seat.seatId,
          device_id: seat.deviceId,
          notice_version: notice.version,
          language: notice.language,
          accepted,
        })
        .execute();
      const outcome = step(controlOf(row), { type: "withdraw", atMs: nowMs() });
      if (!accepted && outcome.ok && outcome.changed && isInvolved(seat, interview)) {
        const actor = { seatId: seat.seatId, name: seat.name, label: `seat:${seat.seatId}` };
        await apply(trx, interview, row, outcome.control, "withdraw", actor, nowMs());
      }
      // After the recording's row, as every other change does it: two at once must not wait for one another.
      await trx
        .updateTable("interview")
        .set({ call_revision: sql<number>`call_revision + 1` })
        .where("id", "=", interview.id)
        .execute();
      await auditSeat(trx, seat, accepted ? "consent.given" : "consent.refused", { version: notice.version });
      return true;
    });
    if (stored) await deps.changed(seat);
  };

  return {
    give: (seat, answer) => {
      if (!mustConsent(seat.role)) throw new DomainError("auth.forbidden", "Who only listens is not recorded.");
      return store(seat, answer.accepted, async (_, version) => {
        if (answer.accepted && answer.version !== version) {
          throw new DomainError("notice.changed", "The notice was changed while you read it.");
        }
        return true;
      });
    },
    giveByJoining: (seat, accepts) =>
      store(seat, true, async (trx, version) => {
        const last = await lastConsent(trx, seat);
        return accepts === version && !(last?.accepted && last.version === version);
      }),
  };
}

/** A co-interviewer who says no at the door was never recorded, and stops nothing. */
const isInvolved = (seat: Seat, interview: InterviewRow): boolean =>
  seat.role === "candidate" || seatsInCall(interview.participants).has(seat.seatId);
