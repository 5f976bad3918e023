import type { LiveOffer } from "@verbatim/shared/document/live";
import type { InterviewId, SeatId } from "@verbatim/shared/ids";
import { sql } from "kysely";
import type { TenantTrx } from "../database/database.ts";

/** Times are the database's own, so that processes need not agree on them. */
const stands = sql<boolean>`expires_at > clock_timestamp()`;

/** The offer to this seat that can still be answered. */
export function openOffer(trx: TenantTrx, seatId: SeatId) {
  return trx
    .selectFrom("seat_offer")
    .select("id")
    .where("seat_id", "=", seatId)
    .where("answer", "is", null)
    .where(stands)
    .executeTakeFirst();
}

/** An offer of this interview, and whether its time has not run out. */
export function findOffer(trx: TenantTrx, interviewId: InterviewId, id: string) {
  return trx
    .selectFrom("seat_offer")
    .selectAll()
    .select(stands.as("stands"))
    .where("id", "=", id)
    .where("interview_id", "=", interviewId)
    .executeTakeFirst();
}

/** What became of an offer; a row that was answered stays as it is. */
export async function settleOffer(
  trx: TenantTrx,
  id: string,
  answer: "accepted" | "declined" | "withdrawn" | "expired",
  newSeatId: SeatId | null = null,
): Promise<void> {
  await trx
    .updateTable("seat_offer")
    .set({ answer, answered_at: sql<Date>`now()`, new_seat_id: newSeatId })
    .where("id", "=", id)
    .where("answer", "is", null)
    .execute();
}

/** The last offer to each observer who has not moved, unless it was withdrawn, until its time has run out. */
export async function liveOffers(trx: TenantTrx, interviewId: InterviewId): Promise<LiveOffer[]> {
  const rows = await trx
    .selectFrom("seat_offer")
    .innerJoin("seat", "seat.id", "seat_offer.seat_id")
    .distinctOn("seat_offer.seat_id")
    .select(["seat_offer.id", "seat_offer.seat_id", "by_seat_id", "by_name", "answer", "seat.name"])
    .where("seat_offer.interview_id", "=", interviewId)
    .where("seat.removed_at", "is", null)
    .where(stands)
    .orderBy("seat_offer.seat_id")
    .orderBy("offered_at", "desc")
    .execute();
  return rows.flatMap(({ answer, ...row }) =>
    answer === "withdrawn" || answer === "expired"
      ? []
      : {
          offerId: row.id,
          seatId: row.seat_id,
          name: row.name,
          bySeatId: row.by_seat_id,
          byName: row.by_name,
          answer: answer ?? ("open" as const),
        },
  );
}
