import { chmod, mkdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setup, signIn } from "@verbatim/shared/api/account";
import { createProgress } from "../local/progress.ts";
import { createApt } from "../local/apt.ts";
import { freePortSet } from "../local/ports.ts";
import { prepare } from "../local/prepare.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { type Account, type Client, createClient } from "./client.ts";
import { makeStackFolder } from "./left-over.ts";
import { type SpeechRelay, startSpeechRelay } from "./speech-relay.ts";
import { startS3 } from "./s3-server.ts";

/** The Verbatim that is rehearsed: a fresh stack of its own, or one that runs. */
export type Target = AsyncDisposable & {
  readonly url: string;
  readonly client: Client;
  readonly account: Account;
  /** Undefined for a running one, whose processes are not ours to look into. */
  readonly stack: Stack | undefined;
  /** Between scribe and the speech server, where that is to be broken. */
  readonly relay: SpeechRelay | undefined;
  readonly readyMs: number;
};

type TargetOptions = {
  readonly store: "disk" | "s3";
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** What an operator would set for this stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The speech service is to be broken. */
  readonly breaksSpeech?: boolean;
};

/** A whole stack on free ports and a folder of its own, with nobody in it yet. Dispose removes every trace. */
export async function freshStack(
  options: TargetOptions,
): Promise<{ readonly stack: Stack; readonly relay: SpeechRelay | undefined } & AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  const folder = await makeStackFolder();
  // mkdtemp makes it 700, and PostgreSQL's own user must get through to its data.
  await chmod(folder, 0o711);
  opening.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const s3 = options.store === "s3" ? opening.use(await startS3(folder, options)) : undefined;
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  const progress = createProgress(Date.now(), options.say);
  const { env, signal } = options;
  const prepared = await prepare({ env, progress, apt: createApt(progress, signal), signal });
  if (options.breaksSpeech && !prepared.offlineSpeech) {
    throw new Error(
      "The faults of speech need offline speech: run without DEEPGRAM_API_KEY, with its packages installed.",
    );
  }
  const ports = await freePortSet(availableParallelism());
  const relay = options.breaksSpeech ? opening.use(await startSpeechRelay(ports.speech)) : undefined;
  const stack = opening.use(
    await startStack({
      // What a small machine carries is no limit of a test or a rehearsal.
      env: {
        MAX_CALLS: "1000",
        ...kept(env),
        ...s3?.env,
        ...options.settings,
        ...(relay && { SPEECH_OFFLINE_URL: relay.url }),
        TMPDIR: temporary,
      },
      dataDir: join(folder, "data"),
      ports,
      ...prepared,
      progress,
      signal,
    }),
  );
  const open = opening.move();
  return { stack, relay, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** A fresh stack with its account, signed in. */
export async function freshTarget(options: TargetOptions): Promise<Target> {
  const beganMs = Date.now();
  await using opening = new AsyncDisposableStack();
  const { stack, relay } = opening.use(await freshStack(options));
  const account = { email: "rehearsal@example.com", password: "a rehearsal's password" };
  const client = createClient(stack.urls.public);
  const code = stack.env["SETUP_CODE"] ?? "";
  await client.call(setup, { body: { ...account, code, organisation: "Rehearsal", name: "Rita Rehearsal" } });
  const open = opening.move();
  return {
    url: stack.urls.public,
    client,
    account,
    stack,
    relay,
    readyMs: Date.now() - beganMs,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** A running Verbatim, entered with the account in REHEARSE_EMAIL and REHEARSE_PASSWORD. */
export async function runningTarget(url: string, env: Readonly<Record<string, string | undefined>>): Promise<Target> {
  const beganMs = Date.now();
  const account = { email: env["REHEARSE_EMAIL"] ?? "", password: env["REHEARSE_PASSWORD"] ?? "" };
  if (!account.email || !account.password) {
    throw new Error("--url needs an account of that Verbatim: set REHEARSE_EMAIL and REHEARSE_PASSWORD.");
  }
  const client = createClient(url);
  await client.call(signIn, { body: account });
  return {
    url,
    client,
    account,
    stack: undefined,
    relay: undefined,
    readyMs: Date.now() - beganMs,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** A rehearsal's stack takes speech and AI keys from us, and nothing that would lead it to another one's data. */
function kept(env: TargetOptions["env"]): Record<string, string | undefined> {
  const not =
    /^(DATA_DIR|DATABASE_URL|PUBLIC_URL|TRUSTED_PROXY|SIGNAL_URL|SPOOL_DIR|STORE|STORE_DIR|S3_.*|SETUP_CODE|.*_SECRET|.*_PORT)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !not.test(name)));
}
