import { setTimeout as delay } from "node:timers/promises";
import type { Progress } from "./progress.ts";
import { runProgram } from "./run-program.ts";

export type Apt = {
  /** Debian packages of this list that are not installed. Everything is missing where there is no dpkg. */
  missing(names: readonly string[]): Promise<string[]>;
  /** Installs what is missing, as root. As anybody else it prints one line to type, and waits until that is done. */
  ensure(names: readonly string[], why: string): Promise<void>;
};

const POLL_MS = 2_000;

/** One at a time: two apt-get would only wait for each other's lock. */
export function createApt(progress: Progress, signal: AbortSignal): Apt {
  let last: Promise<unknown> = Promise.resolve();
  let updated = false;

  async function install(names: readonly string[], why: string): Promise<void> {
    const lacking = await missing(names);
    if (lacking.length === 0) return;
    if (process.getuid?.() !== 0) return waitFor(names, lacking, why);
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
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      failure,
      signal,
    });
  }

  return {
    missing,
    ensure(names, why) {
      const mine = last.then(() => install(names, why));
      last = mine.catch(() => undefined); // Its caller hears of it; the next in the queue need not.
      return mine;
    },
  };
}

async function missing(names: readonly string[]): Promise<string[]> {
  // dpkg-query exits 1 as soon as one name is unknown, so the shell keeps what it did find.
  const listed = await runProgram({
    command: "/bin/sh",
    args: ["-c", "dpkg-query -W -f '${Package} ${db:Status-Status}\\n' \"$@\" 2>/dev/null; true", "sh", ...names],
    failure: "Could not ask dpkg for its packages.",
  });
  const installed = new Set(
    listed.split("\n").flatMap((line) => (line.endsWith(" installed") ? [line.split(" ")[0]] : [])),
  );
  return names.filter((name) => !installed.has(name));
}
