import { DomainError } from "@verbatim/shared/errors";
import { type InterviewId, isStaff } from "@verbatim/shared/ids";
import { readParticipants } from "../calls/call-rows.ts";
import { absent, seatsInCall } from "../calls/in-call.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { auditSeat } from "../interviews/audit.ts";
import type { Seat } from "../seats/seats.ts";

/** Staff want the recording to go on though the candidate has left for good. Throws `auth.forbidden` and `call.absent`. */
export async function keepRecording(database: Database, seat: Seat): Promise<void> {
  if (!isStaff(seat.role)) throw new DomainError("auth.forbidden", "Candidates do not control the recording.");
  await database.tenant(seat.tenantId, async (trx) => {
    if (!seatsInCall(await readParticipants(trx, seat.interviewId)).has(seat.seatId)) throw absent();
    if (await keep(trx, seat.interviewId)) await auditSeat(trx, seat, "recording.keep");
  });
}

/** True when it was to pause without its candidate, and now is not. */
export async function keep(trx: TenantTrx, interviewId: InterviewId): Promise<boolean> {
  const done = await trx
    .updateTable("interview")
    .set((eb) => ({ kept_without_candidate: true, call_revision: eb("call_revision", "+", 1) }))
    .where("id", "=", interviewId)
    .where("candidate_gone_at", "is not", null)
    .where("kept_without_candidate", "=", false)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}
