import type Router from "@koa/router";
import { takeNotesTicket, takeNotesTicketByAccount } from "@verbatim/shared/api/notes";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import { seatCookie } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { serve } from "../http/serve.ts";
import type { SocketUrls } from "../http/signal-url.ts";
import type { Seats } from "../seats/seats.ts";
import type { NotesTickets } from "./notes-tickets.ts";

export function notesRoutes(
  router: Router,
  deps: {
    readonly accounts: Accounts;
    readonly limits: Limits;
    readonly seats: Seats;
    readonly tickets: NotesTickets;
    readonly urls: SocketUrls;
  },
): void {
  const { accounts, limits, seats, tickets, urls } = deps;

  serve(router, takeNotesTicket, async ({ body, params, ctx }) => {
    const { interviewId, role } = params;
    const seat = await seats.of(seatCookie(ctx, interviewId, role), interviewId, role);
    await limits.try("ticket", seat.seatId);
    return { ...(await tickets.forSeat(seat, body.which)), url: urls.notes(ctx, interviewId, body.which) };
  });

  serve(router, takeNotesTicketByAccount, async ({ body, params, ctx }) => {
    const member = await whoAsks(accounts, ctx);
    await limits.try("ticket", member.userId);
    const issued = await tickets.forMember(member, params.interviewId, body.which);
    return { ...issued, url: urls.notes(ctx, params.interviewId, body.which) };
  });
}
