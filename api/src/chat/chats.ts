import { type ChatMessage, chatLimits } from "@verbatim/shared/api/chat";
import { DomainError } from "@verbatim/shared/errors";
import type { RecordingView } from "@verbatim/shared/recording/view";
import type { At } from "../control/controls.ts";
import type { Database } from "../database/database.ts";
import { notFound } from "../interviews/whole-interview.ts";
import type { Seat } from "../seats/seats.ts";
import { messagesAfter, messageWithId } from "./chat-rows.ts";

export type Chats = {
  /** Stores a message and tells everybody in the call that there is one. The same id again is the same message. */
  say(seat: Seat, said: { readonly id: string; readonly text: string }): Promise<ChatMessage>;
  after(seat: Seat, seq: number): Promise<ChatMessage[]>;
};

/**
 * Messages lie in Postgres before anybody but their writer sees them. The media server learns only how many there are,
 * as part of the call's whole state, and pages fetch what they lack: nothing is lost when a socket breaks.
 */
export function createChats(deps: {
  readonly database: Database;
  readonly changed: (at: At) => Promise<RecordingView>;
}): Chats {
  const { database } = deps;

  const store = (seat: Seat, said: { readonly id: string; readonly text: string }): Promise<ChatMessage> =>
    database.tenant(seat.tenantId, async (trx) => {
      // Whoever holds this row gives the next number; two at once stand behind one another here.
      const interview = await trx
        .selectFrom("interview")
        .select(["chat_seq", "ended_at"])
        .where("id", "=", seat.interviewId)
        .forUpdate()
        .executeTakeFirst();
      if (!interview) throw notFound();
      const before = await messageWithId(trx, seat.interviewId, said.id);
      if (before && before.seatId !== seat.seatId) throw new DomainError("state.conflict", "id: is somebody else's.");
      if (before) return before;
      if (interview.ended_at !== null) throw new DomainError("interview.over", "This interview is over.");
      if (interview.chat_seq >= chatLimits.messages) {
        throw new DomainError("state.conflict", "This interview has as many messages as it can hold.");
      }
      const seq = interview.chat_seq + 1;
      const { at } = await trx
        .insertInto("chat_message")
        .values({
          tenant_id: seat.tenantId,
          interview_id: seat.interviewId,
          id: said.id,
          seq,
          seat_id: seat.seatId,
          text: said.text,
        })
        .returning("at")
        .executeTakeFirstOrThrow();
      await trx
        .updateTable("interview")
        .set((eb) => ({ chat_seq: seq, call_revision: eb("call_revision", "+", 1) }))
        .where("id", "=", seat.interviewId)
        .execute();
      const { seatId, role, name } = seat;
      return { ...said, seq, seatId, role, name, atMs: at.getTime() };
    });

  return {
    async say(seat, said) {
      const message = await store(seat, said);
      await deps.changed(seat);
      return message;
    },
    after: (seat, seq) => database.tenant(seat.tenantId, (trx) => messagesAfter(trx, seat.interviewId, seq)),
  };
}
