import type Router from "@koa/router";
import * as contracts from "@verbatim/shared/api/interviews";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import { serve } from "../http/serve.ts";
import type { Interviews } from "./interviews.ts";

export function interviewRoutes(
  router: Router,
  deps: { readonly accounts: Accounts; readonly interviews: Interviews },
): void {
  const { accounts, interviews } = deps;
  serve(router, contracts.listInterviews, async ({ ctx }) => ({
    interviews: await interviews.list(await whoAsks(accounts, ctx)),
  }));
  serve(router, contracts.createInterview, async ({ body, ctx }) =>
    interviews.create(await whoAsks(accounts, ctx), body),
  );
  serve(router, contracts.getInterview, async ({ params, ctx }) =>
    interviews.get(await whoAsks(accounts, ctx), params.interviewId),
  );
}
