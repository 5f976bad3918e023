import { setTimeout as delay } from "node:timers/promises";
import type { Progress } from "./progress.ts";
import { runProgram } from "./run-program.ts";

export type Apt = {
  /** Debian packages of this list that are not installed. Everything is missing where there is no dpkg. */
  missing(names: readonly string[]): Promise<string[]>;
  /**
   * Installs what is missing of `names`, as root. As anybody else it prints one line to type, and waits until they are
   * there; what is missing of `also` stands in that line too, so that nobody types twice, and is not waited for.
   */
  ensure(names: readonly string[], why: string, also?: readonly string[]): Promise<void>;
  /** Whether it installs by itself. */
  readonly isRoot: boolean;
};

type System = { readonly env: NodeJS.ProcessEnv; readonly isRoot: boolean };

const POLL_MS = 2_000;

/** One at a time: two apt-get would only wait for each other's lock. */
export function createApt(
  progress: Progress,
  signal: AbortSignal,
  { env, isRoot }: System = { env: process.env, isRoot: process.getuid?.() === 0 },
): Apt {
  let last: Promise<unknown> = Promise.resolve();
  let updated = false;

  async function install(names: readonly string[], why: string, also: readonly string[]): Promise<void> {
    const lacking = await missing(names);
    if (lacking.length === 0) return;
    if (!isRoot) return waitFor(names, [...new Set([...lacking, ...(await missing(also))])], why);
    await progress.step(`Installing ${lacking.join(" ")} (${why})`, async () => {
      if (!updated)
        await aptGet(["update"], "apt-get update failed: is there a network, and is /etc/apt/sources.list right?");
      updated = true;
      await aptGet(
        ["install", "-y", "--no-install-recommends", ...lacking],
        `Could not install what ${why} needs. Try it by hand: apt-get install -y ${lacking.join(" ")}`,
      );
    });
  }

  async function waitFor(names: readonly string[], lacking: readonly string[], why: string): Promise<void> {
    progress.say(`${why} needs packages. Type this in another terminal; the start goes on by itself after it:`);
    console.log(`\n    sudo apt-get install -y ${lacking.join(" ")}\n`);
    while ((await missing(names)).length > 0) await delay(POLL_MS, undefined, { signal });
    progress.say("The packages are there.");
  }

  function aptGet(args: readonly string[], failure: string): Promise<string> {
    return runProgram({
      command: "apt-get",
      args: ["-o", "DPkg::Lock::Timeout=600", "-q", ...args],
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
      failure,
      signal,
    });
  }

  const missing = (names: readonly string[]): Promise<string[]> => missingOf(names, env);
  return {
    missing,
    isRoot,
    ensure(names, why, also = []) {
      const mine = last.then(() => install(names, why, also));
      last = mine.catch(() => undefined); // Its caller hears of it; the next in the queue need not.
      return mine;
    },
  };
}

async function missingOf(names: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  // dpkg-query exits 1 as soon as one name is unknown, so the shell keeps what it did find.
  const listed = await runProgram({
    command: "/bin/sh",
    args: ["-c", "dpkg-query -W -f '${Package} ${db:Status-Status}\\n' \"$@\" 2>/dev/null; true", "sh", ...names],
    env,
    failure: "Could not ask dpkg for its packages.",
  });
  const installed = new Set(
    listed.split("\n").flatMap((line) => (line.endsWith(" installed") ? [line.split(" ")[0]] : [])),
  );
  return names.filter((name) => !installed.has(name));
}
