import { randomBytes } from "node:crypto";
import { HANDOVER_MS } from "@verbatim/shared/api/handover";
import { pageUrl } from "@verbatim/shared/api/pages";
import { DomainError } from "@verbatim/shared/errors";
import type { Database } from "../database/database.ts";
import type { Token } from "../http/cookies.ts";
import { auditSeat } from "../interviews/audit.ts";
import { hashSecret } from "../interviews/link-token.ts";
import { interviewOf } from "../interviews/interview-row.ts";
import { refuseOver } from "../interviews/whom.ts";
import { closed, mustHavePlace } from "./place.ts";
import { cookieExpiry, type CookieReader, giveCookie, heldCookie, type NewCookie } from "./seat-cookies.ts";
import type { Seat } from "./seats.ts";

export type Handovers = {
  /**
   * A link to this person's own seat, for another device of theirs; the one before it ends. Throws `auth.forbidden` for who
   * has an account, `seat.removed`, `interview.over` and `interview.cancelled`.
   */
  make(seat: Seat): Promise<{ readonly url: string; readonly lastsMs: number }>;
  /**
   * The seat's cookie for the browser that opens it first; undefined when we made no such link. Throws `link.expired` for one
   * that is used, replaced or too old, `seat.removed` and `interview.cancelled`.
   */
  open(token: Token, cookies: CookieReader): Promise<NewCookie | undefined>;
};

export function createHandovers(deps: {
  readonly database: Database;
  readonly publicUrl: string;
  readonly nowMs: () => number;
}): Handovers {
  const { database, publicUrl, nowMs } = deps;
  return {
    async make(seat) {
      if (seat.account) throw new DomainError("auth.forbidden", "Please sign in on the other device and join there.");
      const secret = randomBytes(32).toString("base64url");
      const now = new Date(nowMs());
      const expires = new Date(now.getTime() + HANDOVER_MS);
      await database.tenant(seat.tenantId, async (trx) => {
        const interview = await interviewOf(trx, seat.interviewId);
        refuseOver(interview);
        await mustHavePlace(trx, seat.seatId);
        // Long enough that who opens one of today's reads what became of it.
        const forgotten = new Date(now.getTime() - 24 * 3_600_000);
        await trx
          .deleteFrom("seat_handover")
          .where("seat_id", "=", seat.seatId)
          .where("expires_at", "<", forgotten)
          .execute();
        await trx
          .updateTable("seat_handover")
          .set({ used_at: now })
          .where("seat_id", "=", seat.seatId)
          .where("used_at", "is", null)
          .execute();
        await trx
          .insertInto("seat_handover")
          .values({
            tenant_id: seat.tenantId,
            hash: hashSecret(secret),
            interview_id: seat.interviewId,
            seat_id: seat.seatId,
            expires_at: expires,
          })
          .execute();
        await auditSeat(trx, seat, "seat.handover_made");
      });
      return { url: pageUrl(publicUrl, "join", `${seat.tenantId}.${secret}`), lastsMs: HANDOVER_MS };
    },
    open: (token, cookies) =>
      database.tenant(token.tenantId, async (trx) => {
        const hash = hashSecret(token.secret);
        const made = await trx
          .selectFrom("seat_handover")
          .select(["seat_id", "interview_id"])
          .where("hash", "=", hash)
          .executeTakeFirst();
        if (!made) return undefined;
        const of = { tenantId: token.tenantId, interviewId: made.interview_id, seatId: made.seat_id };
        const seat = await trx.selectFrom("seat").selectAll().where("id", "=", of.seatId).executeTakeFirstOrThrow();
        const interview = await trx
          .selectFrom("interview")
          .selectAll()
          .where("id", "=", of.interviewId)
          .executeTakeFirstOrThrow();
        if (seat.removed_at !== null) throw closed();
        if (interview.cancelled_at !== null) refuseOver(interview);
        const expires = cookieExpiry(interview, nowMs());
        // The device that asked for it, or the other one again: it is there already.
        const cookie = cookies(of.interviewId, seat.role);
        const kept = await heldCookie(trx, cookie, of.tenantId, ({ id }) => id === of.seatId, expires);
        if (kept) return kept;
        const now = new Date(nowMs());
        const used = await trx
          .updateTable("seat_handover")
          .set({ used_at: now })
          .where("hash", "=", hash)
          .where("used_at", "is", null)
          .where("expires_at", ">", now)
          .executeTakeFirst();
        if (used.numUpdatedRows !== 1n) {
          throw new DomainError(
            "link.expired",
            "This link worked once, for ten minutes. Make a new one where you were before, or open your invitation again.",
          );
        }
        await auditSeat(trx, of, "seat.handover_used");
        return giveCookie(trx, seat, expires);
      }),
  };
}
