import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, realpath, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Apt } from "../apt.ts";
import { cacheDir, root } from "../places.ts";
import type { Progress } from "../progress.ts";
import { runProgram } from "../run-program.ts";
import { buildPackages } from "./build-packages.ts";
import { downloadPrebuilt, prebuiltUrl } from "./prebuilt.ts";

/** A worker that is started by hand says that its parent is missing, and exits with this. */
const NO_PARENT = 41;

/**
 * The mediasoup worker for this machine, as a file that was seen to start: `MEDIASOUP_WORKER_BIN`, the cached one, the
 * prebuilt one, or one built here, in this order.
 */
export async function mediasoupWorker(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
  readonly apt: Apt;
  /** Packages for something else that a person who has to type a line may install with it. */
  readonly also?: readonly string[];
  /** Where built and downloaded workers are kept. */
  readonly cache?: string;
  readonly signal: AbortSignal;
}): Promise<string> {
  const { env, progress, signal, cache = cacheDir(env) } = options;
  const chosen = env["MEDIASOUP_WORKER_BIN"];
  if (chosen) {
    if (await starts(chosen)) return chosen;
    throw new Error(
      `MEDIASOUP_WORKER_BIN is ${chosen}, but that does not start as a mediasoup worker. Unset it or mend it.`,
    );
  }
  const mediasoup = await realpath(path.join(root, "sfu", "node_modules", "mediasoup"));
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(path.join(mediasoup, "package.json"), "utf8")));
  const file = path.join(cache, `mediasoup-worker-${version}-${process.platform}-${process.arch}`);
  if (await starts(file)) return file;

  await mkdir(cache, { recursive: true });
  const draft = `${file}.${process.pid}`;
  try {
    const url = prebuiltUrl(version, env["MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL"]);
    const fetched = await downloadPrebuilt(url, draft, signal);
    if (!fetched || !(await starts(draft))) {
      progress.say("No prebuilt mediasoup worker can be had here; building it.");
      await options.apt.ensure(buildPackages, "Building the mediasoup worker", options.also);
      await build(mediasoup, draft, options);
    }
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return file;
}

async function build(
  mediasoup: string,
  output: string,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
) {
  await progress.step("Building the mediasoup worker (about 3 minutes on 2 cores, once)", (update) =>
    runProgram({
      command: path.join(import.meta.dirname, "build.sh"),
      args: [mediasoup, output],
      failure: "The mediasoup worker could not be built; deploy/local/worker/README.md says what it needs.",
      onLine: (line) => {
        const [, done, all] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
        if (done && all) update(`${done} of ${all} files`);
      },
      signal,
    }),
  );
  if (!(await starts(output))) throw new Error(`The mediasoup worker was built, but does not start: ${output}`);
}

/** Never assumed: a cache may hold a file for another C library, or half of one. */
async function starts(file: string): Promise<boolean> {
  const child = spawn(file, [], { env: {}, stdio: "ignore", timeout: 5_000 });
  const ended = await once(child, "exit").catch(() => undefined); // It is not there, or nothing that can run.
  return ended?.[0] === NO_PARENT;
}
