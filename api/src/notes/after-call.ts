import { DomainError } from "@verbatim/shared/errors";
import type { NotesTicket } from "@verbatim/shared/ticket";
import type { Database } from "../database/database.ts";
import { documentOf } from "../documents/notes-documents.ts";

/** Somebody who came by a link has no other way to what was typed while their network was away. */
const AFTER_CALL_MS = 15 * 60_000;

/**
 * Undefined while the call goes on. Afterwards: until when (UTC ms) a page may send what was written in the call, where it had
 * these notes open then, under this Yjs client. Throws `interview.over`.
 */
export type AfterCall = (ticket: NotesTicket, client: number) => Promise<number | undefined>;

export const createAfterCall =
  ({ database, nowMs }: { readonly database: Database; readonly nowMs: () => number }): AfterCall =>
  (ticket, client) =>
    database.tenant(ticket.tenantId, async (trx) => {
      const interview = await trx
        .selectFrom("interview")
        .select("ended_at")
        .where("id", "=", ticket.interviewId)
        .executeTakeFirst();
      if (!interview?.ended_at) return undefined;
      // The door let this client in while the seat was in the call: nobody else can have claimed it for this person.
      const known = await trx
        .selectFrom("document_client")
        .select("client")
        .where("tenant_id", "=", ticket.tenantId)
        .where("document", "=", documentOf(ticket))
        .where("client", "=", client)
        .where("person", "=", ticket.person)
        .executeTakeFirst();
      const untilMs = interview.ended_at.getTime() + AFTER_CALL_MS;
      if (!known || nowMs() > untilMs) throw new DomainError("interview.over", "This interview is over.");
      return untilMs;
    });
