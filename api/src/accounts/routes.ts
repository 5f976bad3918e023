import type Router from "@koa/router";
import type { Context } from "koa";
import * as contracts from "@verbatim/shared/api/account";
import { DomainError } from "@verbatim/shared/errors";
import { headersOf } from "../http/cookies.ts";
import type { Limits } from "../http/limits.ts";
import { ok, serve } from "../http/serve.ts";
import type { Accounts, Entered } from "./accounts.ts";
import type { Member } from "./auth.ts";

export function accountRoutes(
  router: Router,
  deps: {
    readonly accounts: Accounts;
    readonly limits: Limits;
    /** What an account has open by its signing in ends with it. */
    readonly signedOut: (userId: string) => void;
  },
): void {
  const { accounts, limits } = deps;

  serve(router, contracts.setupState, async () => ({ needed: await accounts.setupNeeded() }));

  serve(router, contracts.setup, async ({ body, ctx }) => {
    await limits.try("setup", ctx.ip);
    return passOn(ctx, await accounts.setup(body));
  });

  serve(router, contracts.signIn, async ({ body, ctx }) => {
    await limits.try("signIn", ctx.ip);
    await limits.try("signInEmail", body.email.toLowerCase());
    const entered = await accounts.signIn(body.email, body.password);
    await limits.forgive("signInEmail", body.email.toLowerCase());
    return passOn(ctx, entered);
  });

  serve(router, contracts.signInByLink, async ({ body, ctx }) => {
    await limits.try("signIn", ctx.ip);
    return passOn(ctx, await accounts.signInByLink(body.token));
  });

  serve(router, contracts.signOut, async ({ ctx }) => {
    const member = await maybeWhoAsks(accounts, ctx);
    for (const cookie of await accounts.signOut(headersOf(ctx))) ctx.append("set-cookie", cookie);
    if (member) deps.signedOut(member.userId);
    return ok;
  });

  serve(router, contracts.me, ({ ctx }) => whoAsks(accounts, ctx));
}

/** The account behind a request; throws `auth.required`. */
export async function whoAsks(accounts: Accounts, ctx: Context): Promise<Member> {
  return passOn(ctx, await accounts.who(headersOf(ctx)));
}

/** The account behind a request, or undefined when nobody is signed in. */
async function maybeWhoAsks(accounts: Accounts, ctx: Context): Promise<Member | undefined> {
  try {
    return await whoAsks(accounts, ctx);
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === "auth.required") return undefined;
    throw thrown;
  }
}

function passOn(ctx: Context, { member, cookies }: Entered): Member {
  for (const cookie of cookies) ctx.append("set-cookie", cookie);
  return member;
}
