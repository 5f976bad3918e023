import type Router from "@koa/router";
import type { Context } from "koa";
import { mark, markInCall, readMarks, readMarksInCall } from "@verbatim/shared/api/marks";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import type { Calls } from "../calls/calls.ts";
import { seatCookie } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { type Params, serve } from "../http/serve.ts";
import type { Seat, Seats } from "../seats/seats.ts";
import { byAccount, type Marks, type Said, type Who } from "./marks.ts";

export function markRoutes(
  router: Router,
  deps: {
    readonly accounts: Accounts;
    readonly calls: Pick<Calls, "mustBeIn">;
    readonly limits: Limits;
    readonly marks: Marks;
    readonly seats: Seats;
  },
): void {
  const { accounts, calls, limits, marks, seats } = deps;

  const seatOf = ({ params, ctx }: { params: Params; ctx: Context }): Promise<Seat> =>
    seats.of(seatCookie(ctx, params.interviewId, params.role), params.interviewId, params.role);
  const act = async (who: Who, said: Said) => {
    await limits.try("marks", who.author);
    return marks.act(who, said);
  };
  const read = async (who: Who, seq: number) => ({
    ...(await marks.after(who, seq)),
    author: who.author,
    corrects: who.corrects,
  });

  // What was marked in the call may come when its page is back on the network and the call is over.
  serve(router, markInCall, async (asked) => act(await marks.inSeat(await seatOf(asked)), asked.body));
  serve(router, readMarksInCall, async (asked) => {
    const seat = await seatOf(asked);
    const who = await marks.inSeat(seat);
    await calls.mustBeIn(seat);
    return read(who, asked.params.seq);
  });

  serve(router, mark, async ({ params, body, ctx }) =>
    act(byAccount(await whoAsks(accounts, ctx), params.interviewId), body),
  );
  serve(router, readMarks, async ({ params, ctx }) =>
    read(byAccount(await whoAsks(accounts, ctx), params.interviewId), params.seq),
  );
}
