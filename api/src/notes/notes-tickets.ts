import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { WhichNotes } from "@verbatim/shared/document/notes";
import { DomainError } from "@verbatim/shared/errors";
import { type InterviewId, isStaff } from "@verbatim/shared/ids";
import { NotesTicket, TICKET_SECONDS } from "@verbatim/shared/ticket";
import type { Member } from "../accounts/auth.ts";
import { type Redeem, redeemTicket } from "../call/redeem-ticket.ts";
import { titles } from "../call/tickets.ts";
import type { Database } from "../database/database.ts";
import { notFound } from "../interviews/whole-interview.ts";
import type { Seat } from "../seats/seats.ts";

export type Issued = { readonly ticket: string; readonly person: string };

export type NotesTickets = {
  /** Throws `auth.forbidden` for a candidate. */
  forSeat(seat: Seat, which: WhichNotes): Promise<Issued>;
  /** Throws `not_found`. */
  forMember(member: Member, interviewId: InterviewId, which: WhichNotes): Promise<Issued>;
  /** Takes a ticket, once. Throws `auth.required`. */
  redeem(token: string): Promise<NotesTicket>;
};

export function createNotesTickets(deps: {
  readonly database: Database;
  readonly secret: string;
  readonly nowMs: () => number;
}): NotesTickets {
  const { database, nowMs } = deps;
  const key = new TextEncoder().encode(deps.secret);
  const redeem: Redeem<NotesTicket> = redeemTicket({ database, key, nowMs, audience: "notes", schema: NotesTicket });

  const sign = async (claims: Omit<NotesTicket, "aud" | "exp" | "jti">): Promise<Issued> => {
    const exp = Math.floor(nowMs() / 1000) + TICKET_SECONDS;
    const ticket = await new SignJWT({ ...claims, aud: "notes", jti: randomUUID() })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime(exp)
      .sign(key);
    return { ticket, person: claims.person };
  };

  return {
    async forSeat(seat, which) {
      const { tenantId, interviewId, seatId } = seat;
      if (!isStaff(seat.role)) throw new DomainError("auth.forbidden", "Notes are for staff and observers.");
      const person = await database.tenant(tenantId, async (trx) => {
        const own = await trx
          .selectFrom("seat")
          .leftJoin("seat_offer", "seat_offer.new_seat_id", "seat.id")
          .select(["seat.user_id as userId", "seat_offer.seat_id as movedFrom"])
          .where("seat.id", "=", seatId)
          .executeTakeFirst();
        if (!own) throw notFound();
        // Who took a seat to speak keeps the private notes of the observer they were.
        return own.userId === null ? `seat:${own.movedFrom ?? seatId}` : `user:${own.userId}`;
      });
      const name = seat.name === "" ? titles[seat.role] : seat.name;
      return sign({ tenantId, interviewId, which, person, seatId, name });
    },
    async forMember(member, interviewId, which) {
      const { tenantId } = member;
      const found = await database.tenant(tenantId, (trx) =>
        trx.selectFrom("interview").select("id").where("id", "=", interviewId).executeTakeFirst(),
      );
      if (!found) throw notFound();
      return sign({ tenantId, interviewId, which, person: `user:${member.userId}`, seatId: null, name: member.name });
    },
    redeem,
  };
}
