import type Router from "@koa/router";
import type { Context } from "koa";
import { listTemplates, markSuggestion, tickQuestion } from "@verbatim/shared/api/plan";
import { builtInTemplates } from "@verbatim/shared/plan/built-in";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import { seatCookie } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { ok, type Params, serve } from "../http/serve.ts";
import type { Seat, Seats } from "../seats/seats.ts";
import type { Suggestions } from "./suggestions.ts";

export function planRoutes(
  router: Router,
  deps: {
    readonly accounts: Accounts;
    readonly limits: Limits;
    readonly seats: Seats;
    readonly suggestions: Suggestions;
  },
): void {
  const { limits, seats, suggestions } = deps;

  const seatOf = async ({ params, ctx }: { params: Params; ctx: Context }): Promise<Seat> => {
    const seat = await seats.of(seatCookie(ctx, params.interviewId, params.role), params.interviewId, params.role);
    await limits.try("control", seat.seatId);
    return seat;
  };

  serve(router, listTemplates, async ({ ctx }) => {
    await whoAsks(deps.accounts, ctx);
    return { templates: [...builtInTemplates] };
  });

  serve(router, tickQuestion, async (asked) => {
    await suggestions.tick(await seatOf(asked), asked.body.question, asked.body.asked);
    return ok;
  });

  serve(router, markSuggestion, async (asked) => {
    await suggestions.mark(await seatOf(asked), asked.body.suggestionId, asked.body.state);
    return ok;
  });
}
