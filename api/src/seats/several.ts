import { DomainError } from "@verbatim/shared/errors";
import { hosts, type SeatId } from "@verbatim/shared/ids";
import type { At } from "../control/controls.ts";
import type { Database } from "../database/database.ts";
import { auditSeat } from "../interviews/audit.ts";
import { notFound } from "../interviews/whole-interview.ts";
import type { Seat } from "./seats.ts";

export type Several = {
  /** Says whether several people speak at a seat's microphone. Throws `auth.forbidden` for others than hosts and the seat itself, `not_found` for a seat that does not speak here. */
  mark(by: Seat, whose: SeatId, on: boolean): Promise<void>;
};

export function createSeveral(deps: {
  readonly database: Database;
  /** Tells a call that is live of it. */
  readonly changed: (at: At) => Promise<unknown>;
}): Several {
  return {
    async mark(by, whose, on) {
      if (!hosts(by.role) && by.seatId !== whose)
        throw new DomainError("auth.forbidden", "Hosts mark others' microphones.");
      await deps.database.tenant(by.tenantId, async (trx) => {
        const marked = await trx
          .updateTable("seat")
          .set({ several: on })
          .where("id", "=", whose)
          .where("interview_id", "=", by.interviewId)
          .where("role", "<>", "observer")
          .executeTakeFirst();
        if (marked.numUpdatedRows === 0n) throw notFound();
        await trx
          .updateTable("interview")
          .set((eb) => ({ call_revision: eb("call_revision", "+", 1) }))
          .where("id", "=", by.interviewId)
          .execute();
        await auditSeat(trx, by, "call.several", { seatId: whose, on });
      });
      await deps.changed(by);
    },
  };
}
