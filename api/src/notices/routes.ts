import type Router from "@koa/router";
import { previewNotice } from "@verbatim/shared/api/notice";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import { serve } from "../http/serve.ts";
import type { Previews } from "./previews.ts";

export function noticeRoutes(router: Router, deps: { readonly accounts: Accounts; readonly previews: Previews }): void {
  serve(router, previewNotice, async ({ body, params, ctx }) =>
    deps.previews(await whoAsks(deps.accounts, ctx), params.language, body),
  );
}
