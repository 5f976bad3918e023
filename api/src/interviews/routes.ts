import type Router from "@koa/router";
import type { Context } from "koa";
import * as changing from "@verbatim/shared/api/changes";
import * as contracts from "@verbatim/shared/api/interviews";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import { parseParams, serve } from "../http/serve.ts";
import type { Changes } from "./changes.ts";
import type { Interviews } from "./interviews.ts";
import type { Links } from "./links.ts";

export function interviewRoutes(
  router: Router,
  deps: {
    readonly accounts: Accounts;
    readonly interviews: Interviews;
    readonly changes: Changes;
    readonly links: Links;
  },
): void {
  const { accounts, interviews, changes, links } = deps;
  serve(router, contracts.listInterviews, async ({ ctx }) => ({
    interviews: await interviews.list(await whoAsks(accounts, ctx)),
  }));
  serve(router, contracts.createInterview, async ({ body, ctx }) =>
    interviews.create(await whoAsks(accounts, ctx), body),
  );
  serve(router, contracts.getInterview, async ({ params, ctx }) =>
    interviews.get(await whoAsks(accounts, ctx), params.interviewId),
  );
  serve(router, changing.editInterview, async ({ body, params, ctx }) =>
    changes.edit(await whoAsks(accounts, ctx), params.interviewId, body),
  );
  serve(router, changing.cancelInterview, async ({ params, ctx }) =>
    changes.cancel(await whoAsks(accounts, ctx), params.interviewId),
  );
  serve(router, changing.restoreInterview, async ({ params, ctx }) =>
    changes.restore(await whoAsks(accounts, ctx), params.interviewId),
  );
  serve(router, changing.revokeLink, async ({ params, ctx }) =>
    links.revoke(await whoAsks(accounts, ctx), params.interviewId, params.role),
  );
  serve(router, changing.restoreLink, async ({ params, ctx }) =>
    links.restore(await whoAsks(accounts, ctx), params.interviewId, params.role),
  );
  serve(router, changing.renewLink, async ({ params, ctx }) =>
    links.renew(await whoAsks(accounts, ctx), params.interviewId, params.role),
  );
  router.register(changing.calendarPath, ["GET"], async (ctx: Context) => {
    const { interviewId, role } = parseParams(ctx["params"]);
    ctx.body = await links.calendar(await whoAsks(accounts, ctx), interviewId, role);
    ctx.type = "text/calendar; charset=utf-8";
    // It holds a token: nobody between us and the browser keeps a copy.
    ctx.set("cache-control", "private, no-store");
    ctx.set("content-disposition", `attachment; filename="interview-${role}.ics"`);
  });
}
