import { randomBytes, randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { InterviewId, Role, SeatId, TenantId } from "@verbatim/shared/ids";
import type { TenantTrx } from "../database/database.ts";
import type { SeatTable } from "../database/people-tables.ts";
import type { InterviewTable } from "../database/tables.ts";
import type { Token } from "../http/cookies.ts";
import { hashSecret } from "../interviews/link-token.ts";
import { closed } from "./place.ts";

export type NewCookie = {
  readonly interviewId: InterviewId;
  readonly role: Role;
  readonly seatId: SeatId;
  readonly token: Token;
  readonly expires: Date;
};

/** The cookie that the asking browser has for a place, if any. */
export type CookieReader = (interviewId: InterviewId, role: Role) => Token | undefined;

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

/** The seat that a cookie opens, with its device; nothing when we never gave it out. */
export function findSeat(trx: TenantTrx, cookie: Token) {
  return trx
    .selectFrom("seat_cookie")
    .innerJoin("seat", "seat.id", "seat_cookie.seat_id")
    .selectAll("seat")
    .select(["seat_cookie.device_id", "seat_cookie.expires_at as cookie_expires"])
    .where("seat_cookie.hash", "=", hashSecret(cookie.secret))
    .executeTakeFirst();
}

/** A browser that already has a seat keeps it: the same link again, or a reload. Throws `seat.removed`. */
export async function heldCookie(
  trx: TenantTrx,
  cookie: Token | undefined,
  tenantId: TenantId,
  matches: (seat: Selectable<SeatTable>) => boolean,
  expires: Date,
): Promise<NewCookie | undefined> {
  if (!cookie || cookie.tenantId !== tenantId) return undefined;
  const found = await findSeat(trx, cookie);
  if (!found || !matches(found)) return undefined;
  if (found.removed_at !== null) throw closed();
  await trx
    .updateTable("seat_cookie")
    .set({ expires_at: expires })
    .where("hash", "=", hashSecret(cookie.secret))
    .execute();
  return { interviewId: found.interview_id, role: found.role, seatId: found.id, token: cookie, expires };
}
