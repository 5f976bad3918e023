import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "../src/net/free-port.ts";
import type { S3Config } from "../src/store/s3.ts";

const VERSION = "v1.8.0";

/** The server's binary: named by the environment, or where `npm test` keeps it. */
function binary(): string {
  const cache =
    process.getuid?.() === 0 ? "/var/cache" : (process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"));
  const places = [process.env["VERSITYGW_BIN"], path.join(cache, "verbatim", `versitygw-${VERSION}`, "versitygw")];
  const found = places.find((place) => place !== undefined && existsSync(place));
  if (!found) throw new Error("versitygw is not built: run `npm test` once, or set VERSITYGW_BIN.");
  return found;
}

export type TestS3 = AsyncDisposable & {
  readonly config: S3Config;
  /** The bucket's folder: objects are plain files in it. */
  readonly files: string;
};

/** A real S3 server over plain files, with one empty bucket. */
export async function startVersitygw(): Promise<TestS3> {
  const folder = await mkdtemp(path.join(tmpdir(), "verbatim-s3-"));
  const files = path.join(folder, "data", "recordings");
  await mkdir(files, { recursive: true });
  await mkdir(path.join(folder, "meta"));
  const [port] = await freePorts(1);
  const child = spawn(
    // It goes with us also when we are killed.
    "setpriv",
    // Attributes beside the files: not every temporary folder can hold extended attributes.
    [
      "--pdeathsig",
      "KILL",
      binary(),
      "--port",
      `127.0.0.1:${port}`,
      "posix",
      "--sidecar",
      path.join(folder, "meta"),
      path.join(folder, "data"),
    ],
    { env: { ROOT_ACCESS_KEY: "key", ROOT_SECRET_KEY: "secret", PATH: process.env["PATH"] }, stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answered = await fetch(endpoint).then(
      () => true,
      () => false, // Not listening yet.
    );
    if (answered) break;
    if (Date.now() > deadline || child.exitCode !== null) throw new Error("versitygw did not start");
    await delay(20);
  }
  return {
    files,
    config: {
      bucket: "recordings",
      region: "us-east-1",
      endpoint,
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
      forcePathStyle: true,
      prefix: "",
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
