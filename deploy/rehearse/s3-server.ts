import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { freePorts } from "@verbatim/hands/net/free-port";
import { poll } from "./poll.ts";

/** A real S3 server over plain files. */
export type S3Server = AsyncDisposable & {
  /** What leads a stack to it. */
  readonly env: Readonly<Record<string, string>>;
};

export async function startS3(
  folder: string,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly signal: AbortSignal },
): Promise<S3Server> {
  const binary = options.env["VERSITYGW_BIN"];
  if (!binary) throw new Error("--store s3 needs versitygw: start by npm run rehearse, which builds it.");
  await using starting = new AsyncDisposableStack();
  const [port = 0] = await freePorts(1);
  const data = join(folder, "s3");
  // Not named like the data: versitygw takes a common beginning for "inside of it" and ends.
  const sidecar = join(folder, "attributes");
  await mkdir(data, { recursive: true });
  await mkdir(sidecar, { recursive: true });
  const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal-secret" };
  const server = [binary, "--port", `127.0.0.1:${port}`, "posix", "--sidecar", sidecar, data];
  // Ends with us, also when we are killed.
  const child = spawn("setpriv", ["--pdeathsig", "TERM", ...server], {
    env: { ...process.env, ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey },
    stdio: "ignore",
  });
  starting.defer(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
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
    { signal: options.signal },
  );
  client.destroy();
  if (!made) throw new Error("versitygw did not start.", { cause: refused });
  const started = starting.move();
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
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
