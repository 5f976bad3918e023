import type { InterviewId } from "@verbatim/shared/ids";
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
  await trx
    .insertInto("audit")
    .values({
      tenant_id: member.tenantId,
      interview_id: interviewId,
      actor: `user:${member.userId}`,
      action,
      detail: JSON.stringify(detail),
    })
    .execute();
}
