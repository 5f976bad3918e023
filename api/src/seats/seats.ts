import { randomUUID } from "node:crypto";
import { sql, type Selectable } from "kysely";
import { DomainError } from "@verbatim/shared/errors";
import { DeviceId, type InterviewId, type Role, SeatId, type TenantId } from "@verbatim/shared/ids";
import type { Member } from "../accounts/auth.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import type { SeatTable } from "../database/people-tables.ts";
import type { Token } from "../http/cookies.ts";
import { interviewOf, type InterviewRow } from "../interviews/interview-row.ts";
import { hashSecret } from "../interviews/link-token.ts";
import { planned, refuseOver, whom } from "../interviews/whom.ts";
import { closed } from "./place.ts";
import { cookieExpiry, type CookieReader, findSeat, giveCookie, heldCookie, type NewCookie } from "./seat-cookies.ts";

/** Who asks, with what, in which interview: what a good cookie proves. */
export type Seat = {
  readonly tenantId: TenantId;
  readonly interviewId: InterviewId;
  readonly seatId: SeatId;
  readonly deviceId: DeviceId;
  readonly role: Role;
  readonly name: string;
  /** Has an account in the organisation; others came by a link. */
  readonly account: boolean;
  /** Whose words are written here: `user:…` of an account, in whatever seat and on whatever page, else `seat:…`. */
  readonly person: string;
  readonly admitted: boolean;
};

export type Seats = {
  /**
   * Exchanges a link's token for a seat. Throws `link.cut`, `link.invalid`, `link.revoked`, `link.expired` or
   * `interview.cancelled`, or `seat.removed` to a browser whose place a host closed. Only who holds a token that we once made hears more than that it is wrong.
   */
  openLink(token: Token | undefined, cookies: CookieReader): Promise<NewCookie>;
  joinByAccount(
    member: Member,
    interviewId: InterviewId,
    role: "interviewer" | "observer",
    cookies: CookieReader,
  ): Promise<NewCookie>;
  /** Whose cookie this is; throws `auth.required`, or `seat.removed`. */
  of(cookie: Token | undefined, interviewId: InterviewId, role: Role): Promise<Seat>;
  giveName(seat: Seat, name: string): Promise<void>;
};

type SeatRow = Selectable<SeatTable>;

/** A link that leaked into a crowd must not fill the table. */
const MAX_SEATS_PER_LINK = 200;
/** Interviews are moved without anybody changing the date here, but not by more than this. */
const LINK_AFTER_END_MS = 7 * 24 * 3_600_000;

const cut = (): DomainError => new DomainError("link.cut", "This link is not complete: a part of it is missing.");
const invalid = (): DomainError => new DomainError("link.invalid", "This link is wrong: nobody was invited by it.");

export function createSeats(deps: { readonly database: Database; readonly nowMs: () => number }): Seats {
  const { database, nowMs } = deps;

  const expiryOf = (interview: InterviewRow): Date => cookieExpiry(interview, nowMs());

  return {
    async openLink(token, cookies) {
      if (!token) throw cut();
      return database.tenant(token.tenantId, async (trx) => {
        const link = await trx
          .selectFrom("link")
          .selectAll()
          .where("secret_hash", "=", hashSecret(token.secret))
          .executeTakeFirst();
        if (!link) throw invalid();
        const interview = await interviewOf(trx, link.interview_id);
        if (link.revoked_at !== null) {
          throw new DomainError("link.revoked", `This link was withdrawn. ${whom(interview)} can send you a new one.`);
        }
        if (interview.cancelled_at !== null) refuseOver(interview);
        if (nowMs() > plannedEnd(interview) + LINK_AFTER_END_MS) {
          throw new DomainError(
            "link.expired",
            `This link has expired: the interview was on ${planned(interview)}. ${whom(interview)} can tell you more.`,
          );
        }
        const expires = expiryOf(interview);
        const cookie = cookies(link.interview_id, link.role);
        const kept = await heldCookie(trx, cookie, token.tenantId, (seat) => seat.link_id === link.id, expires);
        if (kept) return kept;
        const name = link.role === "candidate" ? interview.candidate_name : "";
        const made = { tenant_id: token.tenantId, interview_id: link.interview_id, role: link.role, name };
        return giveCookie(trx, await seatOfLink(trx, link.id, made), expires);
      });
    },
    joinByAccount: (member, interviewId, role, cookies) =>
      database.tenant(member.tenantId, async (trx) => {
        const interview = await interviewOf(trx, interviewId);
        if (interview.cancelled_at !== null) refuseOver(interview);
        const expires = expiryOf(interview);
        const cookie = cookies(interviewId, role);
        const kept = await heldCookie(trx, cookie, member.tenantId, (seat) => seat.user_id === member.userId, expires);
        if (kept) return kept;
        const seat = await trx
          .insertInto("seat")
          .values({
            tenant_id: member.tenantId,
            id: SeatId.parse(randomUUID()),
            interview_id: interviewId,
            role,
            user_id: member.userId,
            name: member.name,
            admitted_at: new Date(nowMs()),
          })
          .onConflict((on) =>
            on
              .columns(["interview_id", "role", "user_id"])
              .where("user_id", "is not", null)
              .doUpdateSet({ name: member.name }),
          )
          .returningAll()
          .executeTakeFirstOrThrow();
        return giveCookie(trx, seat, expires);
      }),
    async of(cookie, interviewId, role) {
      const row = cookie && (await database.tenant(cookie.tenantId, (trx) => findSeat(trx, cookie)));
      const good =
        row && row.interview_id === interviewId && row.role === role && row.cookie_expires.getTime() > nowMs();
      if (!good) throw new DomainError("auth.required", "Please open your invitation link again.");
      if (row.removed_at !== null) throw closed();
      return {
        tenantId: row.tenant_id,
        interviewId,
        seatId: row.id,
        deviceId: DeviceId.parse(row.device_id),
        role,
        name: row.name,
        account: row.user_id !== null,
        person: row.user_id === null ? `seat:${row.id}` : `user:${row.user_id}`,
        admitted: row.admitted_at !== null,
      };
    },
    async giveName(seat, name) {
      await database.tenant(seat.tenantId, (trx) =>
        trx.updateTable("seat").set({ name }).where("id", "=", seat.seatId).execute(),
      );
    },
  };
}

const plannedEnd = (interview: InterviewRow): number =>
  interview.starts_at.getTime() + interview.duration_minutes * 60_000;

/** A candidate's link has one seat, whoever opens it and where; others have one per browser. */
async function seatOfLink(
  trx: TenantTrx,
  linkId: string,
  seat: Pick<SeatRow, "tenant_id" | "interview_id" | "role" | "name">,
): Promise<SeatRow> {
  const values = {
    ...seat,
    id: SeatId.parse(randomUUID()),
    link_id: linkId,
    admitted_at: seat.role === "candidate" ? null : new Date(),
  };
  if (seat.role === "candidate") {
    return trx
      .insertInto("seat")
      .values(values)
      .onConflict((on) => on.columns(["link_id"]).where("role", "=", "candidate").doUpdateSet({ link_id: linkId }))
      .returningAll()
      .executeTakeFirstOrThrow();
  }
  const { count } = await trx
    .selectFrom("seat")
    .select(sql<number>`count(*)`.as("count"))
    .where("link_id", "=", linkId)
    .executeTakeFirstOrThrow();
  if (count >= MAX_SEATS_PER_LINK) {
    throw new DomainError("state.conflict", "Too many browsers have opened this link. Please ask for help.");
  }
  return trx.insertInto("seat").values(values).returningAll().executeTakeFirstOrThrow();
}
