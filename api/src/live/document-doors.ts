import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { LIVE_FROM_START } from "@verbatim/shared/document/live";
import { notesPath } from "@verbatim/shared/document/notes";
import { DomainError } from "@verbatim/shared/errors";
import { type InterviewId, isStaff } from "@verbatim/shared/ids";
import type { NotesTicket, Ticket } from "@verbatim/shared/ticket";
import type { Calls } from "../calls/calls.ts";
import type { LiveDocuments } from "../documents/live-documents.ts";
import type { NotesDocuments } from "../documents/notes-documents.ts";
import type { AfterCall } from "../notes/after-call.ts";

/** Asked at the door, not before a ticket is given: who comes in has their socket open by the time that they are seen. */
type MustBeIn = Calls["mustBeIn"];

/** One kind of document: where its sockets come in, and who may pass. */
export type Door = {
  /** Its first group is the interview. */
  readonly path: RegExp;
  /** Throws a DomainError, or answers with what takes over the socket, and what it lies on. */
  admit(token: string, interviewId: InterviewId, address: URL): Promise<(socket: WebSocket, wire: Duplex) => void>;
};

const elsewhere = (): DomainError => new DomainError("auth.forbidden", "This ticket is for another document.");

export function liveDoor(deps: {
  readonly documents: Pick<LiveDocuments, "serve">;
  readonly mustBeIn: MustBeIn;
  readonly redeem: (token: string) => Promise<Ticket>;
}): Door {
  return {
    path: /^\/live\/([^/]+)$/,
    async admit(token, interviewId, address) {
      const ticket = await deps.redeem(token);
      if (ticket.interviewId !== interviewId) throw elsewhere();
      if (!isStaff(ticket.role)) {
        throw new DomainError("auth.forbidden", "The live document is for staff and observers.");
      }
      await deps.mustBeIn(ticket);
      const fromStart = address.searchParams.get("from") === LIVE_FROM_START.from;
      return (socket, wire) => deps.documents.serve(socket, wire, ticket, fromStart);
    },
  };
}

export function notesDoor(deps: {
  readonly documents: Pick<NotesDocuments, "serve">;
  readonly mustBeIn: MustBeIn;
  readonly afterCall: AfterCall;
  readonly redeem: (token: string) => Promise<NotesTicket>;
}): Door {
  return {
    path: /^\/notes\/([^/]+)(?:\/private)?$/,
    async admit(token, interviewId, address) {
      const ticket = await deps.redeem(token);
      if (ticket.interviewId !== interviewId || notesPath(interviewId, ticket.which) !== address.pathname) {
        throw elsewhere();
      }
      const client = /^\d{1,10}$/.exec(address.searchParams.get("client") ?? "")?.[0];
      if (client === undefined || Number(client) >= 2 ** 32) {
        throw new DomainError("input.invalid", "client: must be a Yjs client.");
      }
      const { tenantId, seatId } = ticket;
      if (seatId === null) return (socket) => deps.documents.serve(socket, ticket, Number(client));
      const untilMs = await deps.afterCall(ticket, Number(client));
      if (untilMs === undefined) await deps.mustBeIn({ tenantId, interviewId, seatId });
      return (socket) => deps.documents.serve(socket, ticket, Number(client), untilMs);
    },
  };
}
