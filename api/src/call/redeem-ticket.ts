import { jwtVerify } from "jose";
import type { z } from "zod";
import { DomainError } from "@verbatim/shared/errors";
import type { NotesTicket, Ticket } from "@verbatim/shared/ticket";
import type { Database } from "../database/database.ts";

/** Takes a ticket, once. Throws `auth.required`. */
export type Redeem<Of> = (token: string) => Promise<Of>;

const refused = (cause?: unknown): DomainError =>
  new DomainError("auth.required", "This ticket is not valid any more. Take a new one.", { cause });

/** For tickets of one audience. Of a ticket with a seat, the seat must still be open. */
export function redeemTicket<Of extends Ticket | NotesTicket>(deps: {
  readonly database: Database;
  readonly key: Uint8Array;
  readonly nowMs: () => number;
  readonly audience: Of["aud"];
  readonly schema: z.ZodType<Of>;
}): Redeem<Of> {
  const { database, nowMs } = deps;

  const read = async (token: string): Promise<Of> => {
    try {
      const { payload } = await jwtVerify(token, deps.key, {
        audience: deps.audience,
        algorithms: ["HS256"],
        currentDate: new Date(nowMs()),
      });
      return deps.schema.parse(payload);
    } catch (cause) {
      throw refused(cause);
    }
  };

  return async (token) => {
    const ticket = await read(token);
    const { seatId } = ticket;
    await database.tenant(ticket.tenantId, async (trx) => {
      await trx
        .deleteFrom("ticket_used")
        .where("expires_at", "<", new Date(nowMs() - 60_000))
        .execute();
      if (seatId !== null) {
        const seat = await trx
          .selectFrom("seat")
          .select("removed_at")
          .where("id", "=", seatId)
          .where("interview_id", "=", ticket.interviewId)
          .executeTakeFirst();
        if (seat?.removed_at !== null) throw refused();
      }
      const used = await trx
        .insertInto("ticket_used")
        .values({ tenant_id: ticket.tenantId, jti: ticket.jti, expires_at: new Date(ticket.exp * 1000) })
        .onConflict((on) => on.doNothing())
        .executeTakeFirst();
      if (used.numInsertedOrUpdatedRows !== 1n) throw refused();
    });
    return ticket;
  };
}
