import type Router from "@koa/router";
import type { Context } from "koa";
import * as contracts from "@verbatim/shared/api/call";
import { continueElsewhere } from "@verbatim/shared/api/handover";
import { joinByAccount } from "@verbatim/shared/api/interviews";
import { unreachable } from "@verbatim/shared/assert";
import type { InterviewId, Role } from "@verbatim/shared/ids";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import type { Admission } from "../calls/admission.ts";
import type { Calls } from "../calls/calls.ts";
import type { Consents } from "../consent/consents.ts";
import type { Controls } from "../control/controls.ts";
import { readToken, seatCookie, setSeatCookie } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { ok, type Params, serve } from "../http/serve.ts";
import type { SocketUrls } from "../http/signal-url.ts";
import type { Handovers } from "../seats/handovers.ts";
import type { Removals } from "../seats/removals.ts";
import type { NewCookie } from "../seats/seat-cookies.ts";
import type { Seat, Seats } from "../seats/seats.ts";
import type { Several } from "../seats/several.ts";
import type { Entries } from "./entry.ts";
import type { Tickets } from "./tickets.ts";

export function callRoutes(
  router: Router,
  deps: {
    readonly accounts: Accounts;
    readonly admission: Admission;
    readonly calls: Pick<Calls, "mustBeKnown">;
    readonly consents: Consents;
    readonly controls: Controls;
    readonly entries: Entries;
    readonly handovers: Handovers;
    readonly limits: Limits;
    /** Ends the observer's place of who comes in by the seat that they were offered. */
    readonly moveOver: (seat: Seat) => Promise<void>;
    readonly removals: Removals;
    readonly seats: Seats;
    readonly secure: boolean;
    readonly several: Several;
    readonly tickets: Tickets;
    readonly urls: SocketUrls;
  },
): void {
  const { accounts, admission, calls, consents, controls, entries, handovers, limits } = deps;
  const { removals, seats, several, tickets, urls } = deps;

  type Asked = { readonly params: Params; readonly ctx: Context };
  const seatOf = ({ params, ctx }: Asked): Promise<Seat> =>
    seats.of(seatCookie(ctx, params.interviewId, params.role), params.interviewId, params.role);
  const keep = (ctx: Context, cookie: NewCookie): void => setSeatCookie(ctx, cookie, deps.secure);

  serve(router, contracts.openLink, async ({ body, ctx }) => {
    await limits.try("link", ctx.ip);
    const token = readToken(body.token);
    const read = (interviewId: InterviewId, role: Role) => seatCookie(ctx, interviewId, role);
    const cookie = (token && (await handovers.open(token, read))) ?? (await seats.openLink(token, read));
    // Only wrong guesses count: an office behind one address opens many good links.
    await limits.forgive("link", ctx.ip);
    keep(ctx, cookie);
    return { interviewId: cookie.interviewId, role: cookie.role };
  });

  serve(router, continueElsewhere, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("handover", seat.seatId);
    return handovers.make(seat);
  });

  serve(router, joinByAccount, async ({ body, params, ctx }) => {
    const member = await whoAsks(accounts, ctx);
    const read = () => seatCookie(ctx, params.interviewId, body.role);
    const cookie = await seats.joinByAccount(member, params.interviewId, body.role, read);
    if (body.role === "interviewer" && body.accepts !== undefined) {
      await consents.giveByJoining(await seats.of(cookie.token, params.interviewId, body.role), body.accepts);
    }
    keep(ctx, cookie);
    return { seatId: cookie.seatId };
  });

  serve(router, contracts.getEntry, async (asked) => {
    const seat = await seatOf(asked);
    const entry = await entries.get(seat);
    // Told before anybody reads a notice and tries devices for a call that cannot begin.
    if (!entry.over && !entry.cancelled) await admission.mustHavePlace(seat);
    return entry;
  });

  serve(router, contracts.giveName, async (asked) => {
    const seat = await seatOf(asked);
    await seats.giveName(seat, asked.body.name);
    return entries.get(seat);
  });

  serve(router, contracts.giveConsent, async (asked) => {
    const seat = await seatOf(asked);
    await consents.give(seat, asked.body);
    return entries.get(seat);
  });

  serve(router, contracts.takeTicket, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("ticket", seat.seatId);
    const audience = asked.body.for;
    const ticket = await tickets.issue(seat, audience);
    if (audience === "call") {
      await admission.takePlace(seat);
      await deps.moveOver(seat);
      // The media server must know the call before they come.
      await calls.mustBeKnown(seat);
    }
    return { ticket, url: socketUrl(asked.ctx, audience, seat) };
  });

  const socketUrl = (ctx: Context, audience: "call" | "probe" | "document", seat: Seat): string => {
    switch (audience) {
      case "call":
      case "probe":
        return urls.signal(ctx);
      case "document":
        return urls.live(ctx, seat.interviewId);
      default:
        return unreachable(audience);
    }
  };

  serve(router, contracts.control, async (asked) => {
    const { action, epoch } = asked.body;
    const seat = await seatOf(asked);
    await limits.try("control", seat.seatId);
    return controls.act(seat, action, epoch);
  });

  serve(router, contracts.handOver, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("control", seat.seatId);
    return controls.handOver(seat, asked.body.seatId, asked.body.epoch);
  });

  serve(router, contracts.acknowledge, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("control", seat.seatId);
    await controls.acknowledge(seat, asked.body);
    return ok;
  });

  serve(router, contracts.keepRecording, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("control", seat.seatId);
    await controls.keepRecording(seat);
    return ok;
  });

  serve(router, contracts.endCall, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("control", seat.seatId);
    await controls.endCall(seat);
    return ok;
  });

  serve(router, contracts.removePerson, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("control", seat.seatId);
    await removals.remove(seat, asked.body.seatId);
    return ok;
  });

  serve(router, contracts.markSeveral, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("control", seat.seatId);
    await several.mark(seat, asked.body.seatId, asked.body.on);
    return ok;
  });

  serve(router, contracts.allowCaptions, async (asked) => {
    const seat = await seatOf(asked);
    await limits.try("control", seat.seatId);
    await controls.allowCaptions(seat, asked.body.on);
    return ok;
  });
}
