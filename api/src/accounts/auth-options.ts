import type { BetterAuthOptions } from "better-auth";
import { magicLink } from "better-auth/plugins/magic-link";
import { organization } from "better-auth/plugins/organization";
import type pg from "pg";

/** How long a sign-in link made at the terminal lives. */
const LINK_SECONDS = 15 * 60;

/**
 * Shared by the running service and by the migration, so that tables and code agree. None of better-auth's own HTTP
 * endpoints is mounted: our contracts call its server API, so what it could do elsewhere nobody can reach.
 */
export function authOptions(deps: {
  readonly pool: pg.Pool;
  readonly secret: string;
  readonly publicUrl: string;
  /** Receives a new link's token, which is stored only as a hash. */
  readonly onLink?: (token: string) => void;
}) {
  return {
    appName: "Verbatim",
    database: deps.pool,
    secret: deps.secret,
    baseURL: deps.publicUrl === "" ? "http://localhost" : deps.publicUrl,
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 200 },
    session: { expiresIn: 7 * 24 * 3600, updateAge: 24 * 3600 },
    advanced: { database: { generateId: "uuid" }, cookiePrefix: "verbatim", ipAddress: { disableIpTracking: true } },
    plugins: [
      organization(),
      magicLink({
        expiresIn: LINK_SECONDS,
        disableSignUp: true,
        storeToken: "hashed",
        sendMagicLink: ({ token }) => deps.onLink?.(token),
      }),
    ],
  } satisfies BetterAuthOptions;
}
