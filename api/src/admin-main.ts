import { parseArgs } from "node:util";
import { z } from "zod";
import { readEnv, Secret } from "@verbatim/hands/config";
import { pageUrl } from "@verbatim/shared/api/pages";
import { createLog } from "@verbatim/hands/log";
import { createAuth } from "./accounts/auth.ts";
import { openPool } from "./database/pool.ts";

/** PostgreSQL's name for a table that is not there: nothing was migrated here. */
const UNDEFINED_TABLE = "42P01";

// npm run admin -- link EMAIL
const { positionals } = parseArgs({ allowPositionals: true });
const [command, email] = positionals;
if (command !== "link" || email === undefined) {
  console.error(
    "Usage: npm run admin -- link EMAIL\n  Prints an address that signs this person in once within 15 minutes.",
  );
  process.exit(2);
}
const Env = z.object({
  DATABASE_URL: z.url(),
  AUTH_SECRET: Secret,
  PUBLIC_URL: z.url().default("http://localhost:3000"),
});
const env = readEnv(Env, process.env);
const publicUrl = new URL(env.PUBLIC_URL).origin;
const pool = openPool({ url: env.DATABASE_URL, schema: "auth", max: 1, log: createLog("admin", "warn") });
const auth = createAuth({ pool, secret: env.AUTH_SECRET, publicUrl });
const token = await auth.makeLink(email).catch((thrown: unknown) => {
  if (!(thrown instanceof Error && "code" in thrown && thrown.code === UNDEFINED_TABLE)) throw thrown;
  console.error("This database holds no installation yet: run npm start first, or set DATABASE_URL or DATA_DIR.");
  return process.exit(1);
});
await pool.end();
if (token === undefined) {
  console.error(`There is no account with the e-mail address ${email}.`);
  process.exit(1);
}
console.log(pageUrl(publicUrl, "signIn", token));
