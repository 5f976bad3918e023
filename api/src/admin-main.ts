import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { readEnv, Secret } from "@verbatim/hands/config";
import { pageUrl } from "@verbatim/shared/api/pages";
import { DomainError } from "@verbatim/shared/errors";
import { InterviewId } from "@verbatim/shared/ids";
import { jsonOf } from "@verbatim/shared/json";
import { createLog } from "@verbatim/hands/log";
import { createAuth } from "./accounts/auth.ts";
import { openDatabase } from "./database/database.ts";
import { openPool } from "./database/pool.ts";
import { NewTranscript, replaceTranscript } from "./marks/replace-transcript.ts";

/** PostgreSQL's name for a table that is not there: nothing was migrated here. */
const UNDEFINED_TABLE = "42P01";

const fail = (why: string, code = 1): never => {
  console.error(why);
  return process.exit(code);
};

// npm run admin -- link EMAIL | replace-transcript INTERVIEW FILE
const { positionals } = parseArgs({ allowPositionals: true });
const [command, ...given] = positionals;
const log = createLog("admin", "warn");
const Env = z.object({
  DATABASE_URL: z.url(),
  AUTH_SECRET: Secret,
  PUBLIC_URL: z.url().default("http://localhost:3000"),
});

if (command === "link" && given.length === 1) await link(given[0] ?? "");
else if (command === "replace-transcript" && given.length === 2) await replace(given[0] ?? "", given[1] ?? "");
else {
  fail(
    [
      "Usage: npm run admin -- link EMAIL",
      "  Prints an address that signs this person in once within 15 minutes.",
      "       npm run admin -- replace-transcript INTERVIEW FILE",
      "  Puts a transcript, in the form in which one is downloaded as JSON, in the place of an interview's.",
      "  Annotations and corrections go along; the old transcript is kept.",
    ].join("\n"),
    2,
  );
}

async function link(email: string): Promise<void> {
  const env = readEnv(Env, process.env);
  const publicUrl = new URL(env.PUBLIC_URL).origin;
  const pool = openPool({ url: env.DATABASE_URL, schema: "auth", max: 1, log });
  const auth = createAuth({ pool, secret: env.AUTH_SECRET, publicUrl });
  const token = await auth.makeLink(email).catch((thrown: unknown) => {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === UNDEFINED_TABLE)) throw thrown;
    return fail("This database holds no installation yet: run npm start first, or set DATABASE_URL or DATA_DIR.");
  });
  await pool.end();
  if (token === undefined) return fail(`There is no account with the e-mail address ${email}.`);
  console.log(pageUrl(publicUrl, "signIn", token));
}

async function replace(interview: string, file: string): Promise<void> {
  const id = InterviewId.safeParse(interview);
  if (!id.success) return fail("INTERVIEW is the number at the end of the address of the interview's page.");
  // npm runs us elsewhere than where the command was typed.
  const place = path.resolve(process.env["INIT_CWD"] ?? ".", file);
  const text = await readFile(place, "utf8").catch(() => fail(`The file ${place} cannot be read.`));
  const transcript = NewTranscript.safeParse(jsonOf(text));
  if (!transcript.success) return fail(`This is no transcript:\n${z.prettifyError(transcript.error)}`);
  await using database = openDatabase({ url: readEnv(Env, process.env).DATABASE_URL, log, max: 2 });
  try {
    const { segments, moved, unplaced } = await replaceTranscript(database, id.data, transcript.data);
    console.log(`${segments} segments are in place; ${moved} annotations and corrections went along.`);
    if (unplaced > 0)
      console.log(`${unplaced} could not be placed; the interview's page lists them with their old words.`);
  } catch (thrown) {
    if (!(thrown instanceof DomainError)) throw thrown;
    fail(thrown.message);
  }
}
