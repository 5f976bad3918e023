import { randomUUID } from "node:crypto";
import { DomainError } from "@verbatim/shared/errors";
import { hosts, SeatId } from "@verbatim/shared/ids";
import { sql } from "kysely";
import type { InterviewRow } from "../interviews/interview-row.ts";
import { absent, seatsInCall } from "../calls/in-call.ts";
import { currentRecording } from "../control/control-rows.ts";
import type { At } from "../control/controls.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { auditSeat } from "../interviews/audit.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { refuseOver } from "../interviews/whom.ts";
import { hasPlace, mustHavePlace } from "../seats/place.ts";
import { cookieExpiry, giveCookie, type NewCookie } from "../seats/seat-cookies.ts";
import type { Seat } from "../seats/seats.ts";
import { findOffer, openOffer, settleOffer } from "./offer-rows.ts";

export type Offers = {
  /** Throws `auth.forbidden`, `call.absent`, `not_found`, and `state.conflict` for an observer who has left. */
  offer(by: Seat, whom: SeatId): Promise<string>;
  /** Throws `auth.forbidden`, `not_found`, and `state.conflict` when it was accepted. */
  withdraw(by: Seat, offerId: string): Promise<void>;
  /** The cookie of the new seat for a yes. Throws `not_found` for another's offer, `state.conflict` for one that stands no more. */
  answer(seat: Seat, offerId: string, accepted: boolean): Promise<NewCookie | undefined>;
};

export function createOffers(deps: {
  readonly database: Database;
  readonly nowMs: () => number;
  /** Tells everybody's page. */
  readonly changed: (at: At) => Promise<unknown>;
}): Offers {
  const { database } = deps;

  /** What is done to the offers of one interview is done one after another. */
  const inTurn = async <Result>(
    seat: Seat,
    work: (trx: TenantTrx, interview: InterviewRow) => Promise<Result>,
  ): Promise<Result> => {
    const result = await database.tenant(seat.tenantId, async (trx) => {
      const interview = await trx
        .selectFrom("interview")
        .selectAll()
        .where("id", "=", seat.interviewId)
        .forUpdate()
        .executeTakeFirst();
      if (!interview) throw notFound();
      refuseOver(interview);
      await mustHavePlace(trx, seat.seatId);
      const done = await work(trx, interview);
      await trx
        .updateTable("interview")
        .set({ call_revision: sql<number>`call_revision + 1`, live_at: sql<Date>`now()` })
        .where("id", "=", seat.interviewId)
        .execute();
      return done;
    });
    await deps.changed(seat);
    return result;
  };

  return {
    offer: (by, whom) =>
      inTurn(by, async (trx, interview) => {
        await mayOffer(trx, by);
        if (!seatsInCall(interview.participants).has(by.seatId)) throw absent();
        const observer = interview.participants.find(({ seatId }) => seatId === whom);
        if (observer?.role !== "observer" || whom === by.seatId) throw notFound();
        if (observer.presence !== "here" || !(await hasPlace(trx, whom))) {
          throw new DomainError("state.conflict", `${observer.name} is not in the call any more.`);
        }
        const standing = await openOffer(trx, whom);
        if (standing) return standing.id;
        await forgetExpired(trx, whom);
        const id = randomUUID();
        await trx
          .insertInto("seat_offer")
          .values({
            tenant_id: by.tenantId,
            id,
            interview_id: by.interviewId,
            seat_id: whom,
            by_seat_id: by.seatId,
            by_name: by.name,
          })
          .execute();
        await auditSeat(trx, by, "seat.offer", { offerId: id, seatId: whom });
        return id;
      }),
    withdraw: (by, offerId) =>
      inTurn(by, async (trx, interview) => {
        const offer = await findOffer(trx, interview.id, offerId);
        if (!offer) throw notFound();
        if (!hosts(by.role) && offer.by_seat_id !== by.seatId) {
          throw new DomainError("auth.forbidden", "Hosts withdraw an offer, and whoever made it.");
        }
        if (offer.answer === "accepted") throw new DomainError("state.conflict", "The offer was accepted already.");
        if (offer.answer !== null) return;
        await settleOffer(trx, offerId, "withdrawn");
        await auditSeat(trx, by, "seat.offer_withdrawn", { offerId, seatId: offer.seat_id });
      }),
    answer: (seat, offerId, accepted) =>
      inTurn(seat, async (trx, interview) => {
        const offer = await findOffer(trx, interview.id, offerId);
        if (!offer || offer.seat_id !== seat.seatId) throw notFound();
        const expires = cookieExpiry(interview, deps.nowMs());
        // The first answer was lost on its way: the seat is the same one.
        if (accepted && offer.new_seat_id !== null) return cookieOf(trx, offer.new_seat_id, expires);
        if (!accepted && offer.answer === "declined") return undefined;
        if (offer.answer !== null || !offer.stands) {
          throw new DomainError("state.conflict", "This offer does not stand any more. Please ask for another.");
        }
        if (!accepted) {
          await settleOffer(trx, offerId, "declined");
          await auditSeat(trx, seat, "seat.offer_declined", { offerId, by: offer.by_seat_id });
          return undefined;
        }
        const newSeat = await makeSeat(trx, seat);
        await settleOffer(trx, offerId, "accepted", newSeat);
        await auditSeat(trx, seat, "seat.offer_accepted", { offerId, by: offer.by_seat_id, newSeatId: newSeat });
        return cookieOf(trx, newSeat, expires);
      }),
  };
}

/** Throws `auth.forbidden`. */
async function mayOffer(trx: TenantTrx, by: Seat): Promise<void> {
  if (hosts(by.role)) return;
  const recording = by.account ? await currentRecording(trx, by.interviewId) : undefined;
  if (recording?.controller_seat_id === by.seatId) return;
  throw new DomainError("auth.forbidden", "Hosts offer a seat, and who controls the recording by an account.");
}

/** One offer to a seat is open at a time, by the table's own rule too. */
async function forgetExpired(trx: TenantTrx, seatId: SeatId): Promise<void> {
  const old = await trx
    .selectFrom("seat_offer")
    .select("id")
    .where("seat_id", "=", seatId)
    .where("answer", "is", null)
    .execute();
  for (const { id } of old) await settleOffer(trx, id, "expired");
}

/** It came by no link and by no account, but by the offer: withdrawing the observers' link leaves it as it is. */
async function makeSeat(trx: TenantTrx, observer: Seat): Promise<SeatId> {
  const id = SeatId.parse(randomUUID());
  await trx
    .insertInto("seat")
    .values({
      tenant_id: observer.tenantId,
      id,
      interview_id: observer.interviewId,
      role: "co-interviewer",
      name: observer.name,
      admitted_at: sql<Date>`now()`,
    })
    .execute();
  return id;
}

async function cookieOf(trx: TenantTrx, seatId: SeatId, expires: Date): Promise<NewCookie> {
  await mustHavePlace(trx, seatId);
  const seat = await trx.selectFrom("seat").selectAll().where("id", "=", seatId).executeTakeFirstOrThrow();
  return giveCookie(trx, seat, expires);
}
