import { randomBytes, randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { InterviewId, Role, SeatId } from "@verbatim/shared/ids";
import type { TenantTrx } from "../database/database.ts";
import type { SeatTable } from "../database/people-tables.ts";
import type { InterviewTable } from "../database/tables.ts";
import type { Token } from "../http/cookies.ts";
import { hashSecret } from "../interviews/link-token.ts";

export type NewCookie = {
  readonly interviewId: InterviewId;
  readonly role: Role;
  readonly seatId: SeatId;
  readonly token: Token;
  readonly expires: Date;
};

/** A cookie serves until this long after the planned end. */
const COOKIE_AFTER_END_MS = 24 * 3_600_000;

/** Makes a browser's right to a seat; what is stored is its hash alone. */
export async function giveCookie(trx: TenantTrx, seat: Selectable<SeatTable>, expires: Date): Promise<NewCookie> {
  const token = { tenantId: seat.tenant_id, secret: randomBytes(32).toString("base64url") };
  await trx
    .insertInto("seat_cookie")
    .values({
      tenant_id: seat.tenant_id,
      hash: hashSecret(token.secret),
      interview_id: seat.interview_id,
      seat_id: seat.id,
      role: seat.role,
      device_id: randomUUID(),
      expires_at: expires,
    })
    .execute();
  return { interviewId: seat.interview_id, role: seat.role, seatId: seat.id, token, expires };
}

export const cookieExpiry = (
  interview: Pick<Selectable<InterviewTable>, "starts_at" | "duration_minutes">,
  nowMs: number,
): Date =>
  new Date(Math.max(nowMs, interview.starts_at.getTime()) + interview.duration_minutes * 60_000 + COOKIE_AFTER_END_MS);
