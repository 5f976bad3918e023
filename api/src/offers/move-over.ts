import { type SeatId, speaks } from "@verbatim/shared/ids";
import { sql } from "kysely";
import { lockedRecording } from "../control/control-rows.ts";
import { passFromClosed } from "../control/pass-control.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { auditSeat } from "../interviews/audit.ts";
import type { Seat } from "../seats/seats.ts";

/**
 * Whoever comes into the call in the seat that they were offered leaves the observer's: it is free at once, nothing opens it
 * again, and control of the recording, if it was there, moves along. Until this moment they could go back to listening.
 * Does nothing for everybody else, and the second time.
 */
export async function moveOver(database: Database, seat: Seat, nowMs: number): Promise<void> {
  if (!speaks(seat.role)) return;
  await database.tenant(seat.tenantId, async (trx) => {
    const left = await seatLeftBehind(trx, seat);
    if (!left) return;
    // First, as every change of control does it.
    const row = await lockedRecording(trx, seat.interviewId);
    if (!row) return;
    const control = await passFromClosed(trx, row, { seatId: left, by: seat, from: null }, nowMs);
    await trx
      .updateTable("interview")
      .set({ call_revision: sql<number>`call_revision + 1`, live_at: sql<Date>`now()` })
      .where("id", "=", seat.interviewId)
      .execute();
    // By account or link they may listen again another time, in a new seat.
    await trx
      .updateTable("seat")
      .set({ removed_at: new Date(nowMs), user_id: null })
      .where("id", "=", left)
      .execute();
    await trx.deleteFrom("seat_cookie").where("seat_id", "=", left).execute();
    await auditSeat(trx, seat, "seat.moved", { from: left, ...control });
  });
}

/** The observer's seat from which this one was accepted, while it is still theirs. */
async function seatLeftBehind(trx: TenantTrx, seat: Seat): Promise<SeatId | undefined> {
  const found = await trx
    .selectFrom("seat_offer")
    .innerJoin("seat", "seat.id", "seat_offer.seat_id")
    .select("seat.id")
    .where("seat_offer.new_seat_id", "=", seat.seatId)
    .where("seat_offer.interview_id", "=", seat.interviewId)
    .where("seat.removed_at", "is", null)
    .executeTakeFirst();
  return found?.id;
}
