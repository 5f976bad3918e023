import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { FIRST, script } from "./go-first.ts";

/** One participant: a Chromium process of its own, under a user id of its own where we may choose one. */
export type Person = AsyncDisposable & {
  readonly name: string;
  readonly uid: number | undefined;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Kills every process of this browser, as a crash or a closed lid would. */
  kill(): Promise<void>;
  readonly gone: boolean;
};

/** A machine that is full may need longer than Playwright's own 30 s. */
const LAUNCH_WITHIN_MS = 120_000;

const CHROMIUM = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";

/**
 * One machine makes, sends and shows everybody's picture here. A core carries five a second of two cameras at 720p
 * and their viewers; more than 24 no page asks for.
 */
const CAMERA_HZ = Math.min(24, 5 * availableParallelism());

/** No autoplay exemption, and nothing of the page is replaced but what `prepare` adds to the context. */
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-ui-for-media-stream",
  `--use-fake-device-for-media-stream=fps=${CAMERA_HZ}`,
  // A rehearsal's windows are all hidden; a person's is in front of them.
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--disable-background-timer-throttling",
];

export async function openPerson(options: {
  readonly name: string;
  /** Only as root; undefined runs the browser as ourselves. */
  readonly uid: number | undefined;
  /** Speaks: goes before others on this machine. In an interview everybody's sound is made on a machine of their own. */
  readonly speaks: boolean;
  /** The network namespace that its browser lives in, for a person on another machine. Only as root. */
  readonly namespace?: string | undefined;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly onLine: (line: string) => void;
  readonly prepare: (context: BrowserContext) => Promise<void>;
  /** Kills the browser at once, so that whoever waits for its page does not wait on. */
  readonly signal?: AbortSignal;
}): Promise<Person> {
  const { signal, uid } = options;
  signal?.throwIfAborted();
  await using opening = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), `verbatim-${options.name}-`));
  opening.defer(async () => {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });
  const first = options.speaks ? FIRST : "";
  const within = options.namespace === undefined ? "" : `ip netns exec ${options.namespace}`;
  const executablePath =
    uid === undefined
      ? await script(home, `exec ${first} ${within} ${CHROMIUM} "$@"`)
      : await script(home, `exec ${first} ${await asUser(home, uid)}`);
  const browser: Browser = await chromium.launch({
    executablePath,
    timeout: LAUNCH_WITHIN_MS,
    headless: true,
    chromiumSandbox: false,
    args: FLAGS,
    // Playwright's own handlers end this process before anything that it started has ended.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, TMPDIR: home },
  });
  opening.defer(async () => {
    await browser.close().catch(() => undefined); // It was killed by a fault, or has crashed: gone either way.
  });
  const kill = async (): Promise<void> => {
    if (uid === undefined) await browser.close();
    else for (const pid of await processesOf(uid)) killQuietly(pid);
  };
  const onAbort = (): void => void kill().catch(() => undefined); // Its browser was gone already.
  signal?.addEventListener("abort", onAbort, { once: true });
  opening.defer(() => signal?.removeEventListener("abort", onAbort));
  let gone = false;
  browser.on("disconnected", () => {
    gone = true;
  });
  const context = await browser.newContext({
    viewport: options.viewport,
    // A machine's own certificate, which a person would accept by hand.
    ignoreHTTPSErrors: true,
    permissions: ["microphone", "camera", "clipboard-read", "clipboard-write"],
  });
  await options.prepare(context);
  const page = await context.newPage();
  page.on("console", (message) => options.onLine(`${message.type()} ${message.text()}`));
  page.on("pageerror", (error) => options.onLine(`error ${error.stack ?? error.message}`));
  page.on("requestfailed", (request) =>
    options.onLine(`failed ${request.method()} ${request.url()} ${request.failure()?.errorText ?? ""}`),
  );
  const open = opening.move();
  return {
    name: options.name,
    uid,
    page,
    context,
    get gone() {
      return gone;
    },
    kill,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Playwright has no option for another user: a script drops the rights and gives Chromium a profile that user owns. */
async function asUser(home: string, uid: number): Promise<string> {
  const profile = join(home, "profile");
  await mkdir(profile);
  await chmod(home, 0o755);
  await chown(home, uid, uid);
  await chown(profile, uid, uid);
  return `setpriv --reuid=${uid} --regid=${uid} --clear-groups --inh-caps +sys_nice --ambient-caps +sys_nice ${CHROMIUM} "$@" --user-data-dir=${profile}`;
}

/** Every process that runs under a user id. */
async function processesOf(uid: number): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const status = await readFile(`/proc/${entry}/status`, "utf8");
      if (new RegExp(`^Uid:\\s+${uid}\\b`, "m").test(status)) found.push(Number(entry));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself, which is what was wanted.
  }
}
