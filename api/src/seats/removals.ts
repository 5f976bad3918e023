import { DomainError } from "@verbatim/shared/errors";
import { mayRemove, type SeatId } from "@verbatim/shared/ids";
import { type ExpressionBuilder, sql } from "kysely";
import type { At } from "../control/controls.ts";
import { lockedRecording } from "../control/control-rows.ts";
import { passFromClosed } from "../control/pass-control.ts";
import type { Database } from "../database/database.ts";
import type { TenantTables } from "../database/tables.ts";
import { auditSeat } from "../interviews/audit.ts";
import { notFound } from "../interviews/whole-interview.ts";
import type { Seat } from "./seats.ts";

export type Removals = {
  /**
   * Closes a person's place for good: their sockets, tickets and cookie end, and the place is free at once. Control of the
   * recording, if it was theirs, is the remover's from then on. A seat to speak that they accepted and have not taken yet is
   * closed with it. Removing who is removed already changes nothing. Throws `auth.forbidden` and `not_found`.
   */
  remove(by: Seat, whom: SeatId): Promise<void>;
};

export function createRemovals(deps: {
  readonly database: Database;
  readonly nowMs: () => number;
  /** Tells a call that is live of it: media server, documents, everybody's page. */
  readonly changed: (at: At) => Promise<unknown>;
}): Removals {
  const { database, nowMs } = deps;
  return {
    async remove(by, whom) {
      await database.tenant(by.tenantId, async (trx) => {
        // First, as every change of control does it: a takeover of this moment comes before the removal, or finds no place.
        const row = await lockedRecording(trx, by.interviewId);
        await trx.selectFrom("interview").select("id").where("id", "=", by.interviewId).forUpdate().execute();
        const seat = await trx
          .selectFrom("seat")
          .select(["role", "name", "removed_at"])
          .where("id", "=", whom)
          .where("interview_id", "=", by.interviewId)
          .executeTakeFirst();
        if (!seat || !row) throw notFound();
        if (!mayRemove(by.role, seat.role)) {
          throw new DomainError(
            "auth.forbidden",
            "Hosts remove observers; everybody else is removed by the interviewer alone.",
          );
        }
        if (seat.removed_at !== null) return;
        await trx
          .updateTable("seat")
          .set({ removed_at: new Date(nowMs()) })
          .where((eb) => eb.or([eb("id", "=", whom), eb("id", "in", seatsOffered(eb, whom))]))
          .execute();
        // Live, so that every process of ours closes the sockets it holds, and the media server is told until it knows.
        await trx
          .updateTable("interview")
          .set({ call_revision: sql<number>`call_revision + 1`, live_at: new Date(nowMs()) })
          .where("id", "=", by.interviewId)
          .execute();
        const from = { name: seat.name, how: "place_closed" } as const;
        const control = await passFromClosed(trx, row, { seatId: whom, by, from }, nowMs());
        await auditSeat(trx, by, "seat.remove", { seatId: whom, role: seat.role, ...control });
      });
      await deps.changed(by);
    },
  };
}

const seatsOffered = (eb: ExpressionBuilder<TenantTables, "seat">, whom: SeatId) =>
  eb
    .selectFrom("seat_offer")
    .select("new_seat_id")
    .where("seat_offer.seat_id", "=", whom)
    .where("new_seat_id", "is not", null);
