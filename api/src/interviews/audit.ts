import type { InterviewId, SeatId, TenantId } from "@verbatim/shared/ids";
import type { Member } from "../accounts/auth.ts";
import type { TenantTrx } from "../database/database.ts";

/** Writes down what somebody with an account did to an interview. */
export async function auditMember(
  trx: TenantTrx,
  member: Pick<Member, "tenantId" | "userId">,
  interviewId: InterviewId,
  action: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await audit(trx, { tenantId: member.tenantId, interviewId }, `user:${member.userId}`, action, detail);
}

/** Writes down what somebody in a seat did. */
export async function auditSeat(
  trx: TenantTrx,
  seat: { readonly tenantId: TenantId; readonly interviewId: InterviewId; readonly seatId: SeatId },
  action: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await audit(trx, seat, `seat:${seat.seatId}`, action, detail);
}

async function audit(
  trx: TenantTrx,
  at: { readonly tenantId: TenantId; readonly interviewId: InterviewId },
  actor: string,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await trx
    .insertInto("audit")
    .values({ tenant_id: at.tenantId, interview_id: at.interviewId, actor, action, detail: JSON.stringify(detail) })
    .execute();
}
