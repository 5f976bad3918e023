import { betterAuth } from "better-auth";
import type pg from "pg";
import { Me } from "@verbatim/shared/api/account";
import { TenantId } from "@verbatim/shared/ids";
import { authOptions } from "./auth-options.ts";

/** The server's half of better-auth, cut down to what our endpoints need. Cookies pass through as they are. */
export type Auth = {
  signUp(person: {
    readonly name: string;
    readonly email: string;
    readonly password: string;
  }): Promise<string | undefined>;
  signIn(email: string, password: string): Promise<SignedIn | undefined>;
  signInByLink(token: string): Promise<SignedIn | undefined>;
  /** A token that signs this person in once within 15 minutes; nothing when there is no such account. */
  makeLink(email: string): Promise<string | undefined>;
  /** Cookies that forget the session, which is gone then. */
  signOut(headers: Headers): Promise<string[]>;
  session(headers: Headers): Promise<{ readonly userId: string; readonly cookies: string[] } | undefined>;
  makeOrganisation(name: string, ownerId: string): Promise<TenantId>;
  member(userId: string): Promise<Member | undefined>;
};

export type SignedIn = { readonly userId: string; readonly cookies: string[] };

/** Whoever has an account; `admin` is an owner or admin of the organisation, as better-auth calls them. */
export type Member = Me;

export function createAuth(deps: {
  readonly pool: pg.Pool;
  readonly secret: string;
  readonly publicUrl: string;
}): Auth {
  // Handed over inside makeLink, which one person calls at a terminal: never two at once in a process.
  let made: string | undefined;
  const auth = betterAuth(authOptions({ ...deps, onLink: (token) => (made = token) }));
  const none = new Headers();

  /** better-auth answers a wrong password and an unknown address alike, with an APIError of status 401. */
  const orRefused = async <Value>(work: Promise<Value>): Promise<Value | undefined> => {
    try {
      return await work;
    } catch (thrown) {
      if (isRefusal(thrown)) return undefined;
      throw thrown;
    }
  };

  return {
    async signUp(person) {
      const done = await orRefused(auth.api.signUpEmail({ body: person }));
      return done?.user.id;
    },
    async signIn(email, password) {
      const done = await orRefused(
        auth.api.signInEmail({ body: { email, password }, headers: none, returnHeaders: true }),
      );
      return done && { userId: done.response.user.id, cookies: done.headers.getSetCookie() };
    },
    async signInByLink(token) {
      const done = await orRefused(auth.api.magicLinkVerify({ query: { token }, headers: none, returnHeaders: true }));
      return done && { userId: done.response.user.id, cookies: done.headers.getSetCookie() };
    },
    async makeLink(email) {
      const found = await deps.pool.query(`select 1 from "user" where lower(email) = lower($1)`, [email]);
      if (found.rowCount === 0) return undefined;
      made = undefined;
      await auth.api.signInMagicLink({ body: { email }, headers: none });
      return made;
    },
    async signOut(headers) {
      const done = await auth.api.signOut({ headers, returnHeaders: true });
      return done.headers.getSetCookie();
    },
    async session(headers) {
      const done = await auth.api.getSession({ headers, returnHeaders: true });
      return done.response ? { userId: done.response.user.id, cookies: done.headers.getSetCookie() } : undefined;
    },
    async makeOrganisation(name, ownerId) {
      const made = await auth.api.createOrganization({ body: { name, slug: crypto.randomUUID(), userId: ownerId } });
      return TenantId.parse(made.id);
    },
    async member(userId) {
      const found = await deps.pool.query(
        `select u.id as "userId", u.name, u.email, o.id as "tenantId", o.name as organisation,
           m.role ~ '(^|,)(owner|admin)(,|$)' as admin
         from member m join "user" u on u.id = m."userId" join organization o on o.id = m."organizationId"
         where m."userId" = $1 order by m."createdAt" limit 1`,
        [userId],
      );
      return found.rows[0] === undefined ? undefined : Me.parse(found.rows[0]);
    },
  };
}

/** A "no" of better-auth: an APIError below 500, or the redirect with which its link endpoint refuses. */
function isRefusal(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !("statusCode" in thrown)) return false;
  return typeof thrown.statusCode === "number" && thrown.statusCode < 500;
}
