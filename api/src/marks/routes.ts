import type Router from "@koa/router";
import type { Context } from "koa";
import { mark, markFormats, markInCall, readMarks, readMarksInCall } from "@verbatim/shared/api/marks";
import { MarkFilter } from "@verbatim/shared/marks/listed";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import type { Calls } from "../calls/calls.ts";
import { seatCookie } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { type Params, parseInput, parseParams, serve } from "../http/serve.ts";
import type { Seat, Seats } from "../seats/seats.ts";
import { spellMarks } from "./spelled.ts";
import { byAccount, type Marks, type Said, type Who } from "./marks.ts";

const types: Readonly<Record<(typeof markFormats)[number], string>> = {
  md: "text/markdown; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
};

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

  for (const format of markFormats) {
    router.register(`/v1/interviews/:interviewId/marks.${format}`, ["GET"], async (ctx: Context) => {
      const { interviewId } = parseParams(ctx["params"]);
      const filter = parseInput(MarkFilter, ctx.query);
      const { tenantId } = await whoAsks(accounts, ctx);
      ctx.body = spellMarks(format, await marks.all({ tenantId, interviewId }), filter);
      ctx.type = types[format];
      ctx.set("cache-control", "private, no-store");
      ctx.set("content-disposition", `attachment; filename="annotations.${format}"`);
    });
  }
}
