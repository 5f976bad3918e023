import type Router from "@koa/router";
import { getStatus } from "@verbatim/shared/api/status";
import { DomainError } from "@verbatim/shared/errors";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import { serve } from "../http/serve.ts";
import type { StatusOf } from "./status.ts";

export function statusRoutes(router: Router, deps: { readonly accounts: Accounts; readonly status: StatusOf }): void {
  serve(router, getStatus, async ({ ctx }) => {
    const { admin } = await whoAsks(deps.accounts, ctx);
    if (!admin) throw new DomainError("auth.forbidden", "Only owners and admins see how this installation is.");
    return await deps.status();
  });
}
