import type Router from "@koa/router";
import { replay, replayInCall } from "@verbatim/shared/api/replay";
import { DomainError } from "@verbatim/shared/errors";
import { isStaff } from "@verbatim/shared/ids";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import type { Calls } from "../calls/calls.ts";
import { seatCookie } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { serve } from "../http/serve.ts";
import type { Seats } from "../seats/seats.ts";
import type { Replays } from "./replays.ts";

export function replayRoutes(
  router: Router,
  deps: {
    readonly accounts: Accounts;
    readonly calls: Pick<Calls, "mustBeIn">;
    readonly limits: Limits;
    readonly replays: Replays;
    readonly seats: Seats;
  },
): void {
  const { accounts, calls, limits, replays, seats } = deps;

  serve(router, replayInCall, async ({ params, body, ctx }) => {
    const seat = await seats.of(seatCookie(ctx, params.interviewId, params.role), params.interviewId, params.role);
    if (!isStaff(seat.role)) throw new DomainError("auth.forbidden", "What was said is played to staff and observers.");
    await limits.try("replay", seat.seatId);
    await calls.mustBeIn(seat);
    return replays.at(seat, body);
  });

  serve(router, replay, async ({ params, body, ctx }) => {
    const { tenantId, userId } = await whoAsks(accounts, ctx);
    await limits.try("replay", userId);
    return replays.at({ tenantId, interviewId: params.interviewId }, body);
  });
}
