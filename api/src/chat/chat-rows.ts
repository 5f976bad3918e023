import type { ChatMessage } from "@verbatim/shared/api/chat";
import type { InterviewId } from "@verbatim/shared/ids";
import type { TenantTrx } from "../database/database.ts";

/** An interview's messages after the one with number `after`, oldest first, with the names that we know. */
export async function messagesAfter(trx: TenantTrx, interviewId: InterviewId, after: number): Promise<ChatMessage[]> {
  const rows = await written(trx, interviewId).where("chat_message.seq", ">", after).orderBy("seq").execute();
  return rows.map(messageOf);
}

export async function messageWithId(
  trx: TenantTrx,
  interviewId: InterviewId,
  id: string,
): Promise<ChatMessage | undefined> {
  const row = await written(trx, interviewId).where("chat_message.id", "=", id).executeTakeFirst();
  return row && messageOf(row);
}

const written = (trx: TenantTrx, interviewId: InterviewId) =>
  trx
    .selectFrom("chat_message")
    .innerJoin("seat", "seat.id", "chat_message.seat_id")
    .select([
      "chat_message.id",
      "chat_message.seq",
      "chat_message.seat_id",
      "chat_message.text",
      "chat_message.at",
      "seat.role",
      "seat.name",
    ])
    .where("chat_message.interview_id", "=", interviewId);

type Row = Awaited<ReturnType<ReturnType<typeof written>["executeTakeFirstOrThrow"]>>;

const messageOf = ({ id, seq, seat_id, role, name, text, at }: Row): ChatMessage => ({
  id,
  seq,
  seatId: seat_id,
  role,
  name,
  text,
  atMs: at.getTime(),
});
