import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { setup, signIn } from "@verbatim/shared/api/account";
import { freePorts } from "@verbatim/hands/net/free-port";
import { createProgress } from "../local/progress.ts";
import { createApt } from "../local/apt.ts";
import { freePortSet } from "../local/ports.ts";
import { prepare } from "../local/prepare.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { type Account, type Client, createClient } from "./client.ts";
import { poll } from "./poll.ts";

/** The Verbatim that is rehearsed: a fresh stack of its own, or one that runs. */
export type Target = AsyncDisposable & {
  readonly url: string;
  readonly client: Client;
  readonly account: Account;
  /** Undefined for a running one, whose processes are not ours to look into. */
  readonly stack: Stack | undefined;
  readonly readyMs: number;
};

type TargetOptions = {
  readonly store: "disk" | "s3";
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** What an operator would set for this stack. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** A whole stack on free ports and a folder of its own, with nobody in it yet. Dispose removes every trace. */
export async function freshStack(options: TargetOptions): Promise<{ readonly stack: Stack } & AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "verbatim-rehearsal-"));
  // mkdtemp makes it 700, and PostgreSQL's own user must get through to its data.
  await chmod(folder, 0o711);
  opening.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const s3 = options.store === "s3" ? opening.use(await startS3(folder, options.env)) : undefined;
  const progress = createProgress(Date.now(), options.say);
  const { env, signal } = options;
  const prepared = await prepare({ env, progress, apt: createApt(progress, signal), signal });
  const stack = opening.use(
    await startStack({
      env: { ...kept(env), ...s3?.env, ...options.settings },
      dataDir: join(folder, "data"),
      ports: await freePortSet(availableParallelism()),
      ...prepared,
      progress,
      signal,
    }),
  );
  const open = opening.move();
  return { stack, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** A fresh stack with its account, signed in. */
export async function freshTarget(options: TargetOptions): Promise<Target> {
  const beganMs = Date.now();
  await using opening = new AsyncDisposableStack();
  const { stack } = opening.use(await freshStack(options));
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

type S3 = AsyncDisposable & { readonly env: Record<string, string> };

async function startS3(folder: string, env: TargetOptions["env"]): Promise<S3> {
  const binary = env["VERSITYGW_BIN"];
  if (!binary) throw new Error("--store s3 needs versitygw: start by npm run rehearse, which builds it.");
  const [port = 0] = await freePorts(1);
  const data = join(folder, "s3");
  // Not named like the data: versitygw takes a common beginning for "inside of it" and ends.
  const sidecar = join(folder, "attributes");
  await mkdir(data, { recursive: true });
  await mkdir(sidecar, { recursive: true });
  const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal-secret" };
  const child = spawn(binary, ["--port", `127.0.0.1:${port}`, "posix", "--sidecar", sidecar, data], {
    env: { ...process.env, ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey },
    stdio: "ignore",
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint, region: "us-east-1", credentials, forcePathStyle: true });
  let refused: unknown;
  const made = await poll(
    () =>
      client.send(new CreateBucketCommand({ Bucket: "rehearsal" })).then(
        () => true,
        (cause: unknown) => {
          refused = cause; // Not listening yet, mostly; the deadline below speaks for it.
          return false;
        },
      ),
    10_000,
  );
  client.destroy();
  if (!made) throw new Error("versitygw did not start.", { cause: refused });
  return {
    env: {
      STORE: "s3",
      S3_BUCKET: "rehearsal",
      S3_ENDPOINT: endpoint,
      S3_REGION: "us-east-1",
      S3_ACCESS_KEY_ID: credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      S3_FORCE_PATH_STYLE: "true",
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
