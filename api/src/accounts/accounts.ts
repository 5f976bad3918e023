import { createHash, timingSafeEqual } from "node:crypto";
import { sql } from "kysely";
import { DomainError } from "@verbatim/shared/errors";
import type { Database } from "../database/database.ts";
import type { Auth, Member } from "./auth.ts";

export type Accounts = {
  setupNeeded(): Promise<boolean>;
  /** Makes the organisation and its owner, once. Throws `input.invalid` for a wrong code, `state.conflict` when done. */
  setup(request: SetupRequest): Promise<Entered>;
  /** Throws `auth.required`, the same for a wrong password and an unknown address. */
  signIn(email: string, password: string): Promise<Entered>;
  signInByLink(token: string): Promise<Entered>;
  signOut(headers: Headers): Promise<string[]>;
  /** Who is signed in; throws `auth.required`. `cookies` is not empty when the session was prolonged. */
  who(headers: Headers): Promise<Entered>;
};

export type Entered = { readonly member: Member; readonly cookies: readonly string[] };
export type SetupRequest = {
  readonly code: string;
  readonly organisation: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
};

export function createAccounts(deps: {
  readonly auth: Auth;
  readonly database: Database;
  /** Printed on the terminal; without it no first account can be made. */
  readonly setupCode: string | undefined;
}): Accounts {
  const { auth, database, setupCode } = deps;

  const setupNeeded = (): Promise<boolean> =>
    database.system(async (trx) => {
      const done = await trx.selectFrom("setup_done").select("only_row").executeTakeFirst();
      return done === undefined;
    });

  const enter = async (signedIn: { userId: string; cookies: string[] } | undefined, why: string): Promise<Entered> => {
    const member = signedIn && (await auth.member(signedIn.userId));
    if (!member) throw new DomainError("auth.required", why);
    return { member, cookies: signedIn.cookies };
  };

  return {
    setupNeeded,
    async setup(request) {
      if (setupCode === undefined || !same(request.code.trim(), setupCode)) {
        throw new DomainError("input.invalid", "code: this is not the code that the terminal printed.");
      }
      await database.system(async (trx) => {
        // Two requests at once: the second waits here and then finds it done.
        await sql`select pg_advisory_xact_lock(hashtext('verbatim.setup'))`.execute(trx);
        const done = await trx.selectFrom("setup_done").select("only_row").executeTakeFirst();
        if (done) throw new DomainError("state.conflict", "The first account was made already. Please sign in.");
        const userId = await owner(auth, request);
        // A setup that a crash cut off left the person or the organisation behind; it goes on with them.
        const member = await auth.member(userId);
        const tenantId = member?.tenantId ?? (await auth.makeOrganisation(request.organisation, userId));
        await trx
          .insertInto("tenant")
          .values({ id: tenantId, name: request.organisation })
          .onConflict((on) => on.doNothing())
          .execute();
        await trx.insertInto("setup_done").values({ tenant_id: tenantId }).execute();
      });
      return enter(await auth.signIn(request.email, request.password), "Please sign in.");
    },
    signIn: async (email, password) =>
      enter(await auth.signIn(email, password), "E-mail address or password is wrong."),
    signInByLink: async (token) =>
      enter(
        await auth.signInByLink(token),
        "This sign-in link was used or has expired. Make a new one at the terminal.",
      ),
    signOut: (headers) => auth.signOut(headers),
    who: async (headers) => enter(await auth.session(headers), "Please sign in."),
  };
}

async function owner(auth: Auth, request: SetupRequest): Promise<string> {
  const made = await auth.signUp({ name: request.name, email: request.email, password: request.password });
  const userId = made ?? (await auth.signIn(request.email, request.password))?.userId;
  if (userId === undefined)
    throw new DomainError("state.conflict", "email: this account exists with another password.");
  return userId;
}

/** Equal in the same time wherever the first difference stands. */
function same(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
