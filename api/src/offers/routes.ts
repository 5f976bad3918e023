import type Router from "@koa/router";
import type { Context } from "koa";
import { answerOffer, offerSeat, withdrawOffer } from "@verbatim/shared/api/offers";
import { seatCookie, setSeatCookie } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { ok, type Params, serve } from "../http/serve.ts";
import type { Seat, Seats } from "../seats/seats.ts";
import type { Offers } from "./offers.ts";

export function offerRoutes(
  router: Router,
  deps: { readonly limits: Limits; readonly offers: Offers; readonly seats: Seats; readonly secure: boolean },
): void {
  const { limits, offers, seats } = deps;

  const seatOf = async ({ params, ctx }: { params: Params; ctx: Context }): Promise<Seat> => {
    const seat = await seats.of(seatCookie(ctx, params.interviewId, params.role), params.interviewId, params.role);
    await limits.try("control", seat.seatId);
    return seat;
  };

  serve(router, offerSeat, async (asked) => ({ offerId: await offers.offer(await seatOf(asked), asked.body.seatId) }));

  serve(router, withdrawOffer, async (asked) => {
    await offers.withdraw(await seatOf(asked), asked.body.offerId);
    return ok;
  });

  serve(router, answerOffer, async (asked) => {
    const cookie = await offers.answer(await seatOf(asked), asked.body.offerId, asked.body.accepted);
    if (cookie) setSeatCookie(asked.ctx, cookie, deps.secure);
    return ok;
  });
}
