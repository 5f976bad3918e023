import type Router from "@koa/router";
import type { Context } from "koa";
import { readMessages, sendMessage } from "@verbatim/shared/api/chat";
import type { Calls } from "../calls/calls.ts";
import { seatCookie } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { type Params, serve } from "../http/serve.ts";
import type { Seat, Seats } from "../seats/seats.ts";
import type { Chats } from "./chats.ts";

export function chatRoutes(
  router: Router,
  deps: {
    readonly calls: Pick<Calls, "mustBeIn">;
    readonly chats: Chats;
    readonly limits: Limits;
    readonly seats: Seats;
  },
): void {
  const { calls, chats, limits, seats } = deps;

  /** Whoever waits at the door, or left, neither writes nor reads. */
  const memberOf = async ({ params, ctx }: { params: Params; ctx: Context }): Promise<Seat> => {
    const seat = await seats.of(seatCookie(ctx, params.interviewId, params.role), params.interviewId, params.role);
    await calls.mustBeIn(seat);
    return seat;
  };

  serve(router, sendMessage, async (asked) => {
    const seat = await memberOf(asked);
    await limits.try("chat", seat.seatId);
    return chats.say(seat, asked.body);
  });

  serve(router, readMessages, async (asked) => ({
    messages: await chats.after(await memberOf(asked), asked.params.seq),
  }));
}
