import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessName } from "../local/processes.ts";
import type { Stack } from "../local/stack.ts";
import { observersOf, speakersOf } from "./cast.ts";
import type { KillableProcess } from "./fault.ts";
import type { Scene } from "./scene.ts";
import { type Heard, heardFrom } from "./sfu-traffic.ts";
import { readWatch } from "./watch.ts";

/** Asks, with the host's time of the kill, whether the killed process has done its work again. A look that fails is a "not yet". */
type Proof = (killedMs: number) => Promise<boolean>;

/** Made before the kill: what is known by then is no proof. */
export async function proofOfWork(process: KillableProcess, stack: Stack, scene: Scene): Promise<Proof> {
  switch (process) {
    case "capture":
      return await freshSpool(stack);
    case "ship":
      // A process counts from nothing, so whatever the new one says was stored by it.
      return restarted(stack, "ship", async (ports) => (await metric(ports.shipOps, "ship_chunks_stored_total")) > 0);
    case "scribe":
      return newWords(stack, scene);
    case "assembler":
      return restarted(stack, "assembler", (ports) => ready(ports.assemblerOps));
    case "api":
      return restarted(stack, "api", async () => {
        if (!(await fetch(`${stack.urls.apiInternal}/healthz`)).ok) return false;
        const pages = observersOf(scene.cast).filter((each) => !each.person.gone);
        const synced = await Promise.all(
          pages.map(({ person }) =>
            person.page
              .locator("[data-live='live']")
              .count()
              .catch(() => (person.gone ? 1 : 0)),
          ),
        );
        return synced.every((count) => count > 0);
      });
    case "sfu-worker":
      return bothSpeak(stack, scene);
  }
}

type Ports = Stack["settings"]["ports"];

/** True once another process runs under the name, and `works`. */
function restarted(stack: Stack, name: ProcessName, works: (ports: Ports) => Promise<boolean>): Proof {
  const killed = stack.pid(name);
  return async () => {
    const now = stack.pid(name);
    return now !== undefined && now !== killed && (await works(stack.settings.ports));
  };
}

/** A record in a track's log of a run that was not there before. */
async function freshSpool(stack: Stack): Promise<Proof> {
  const spool = join(stack.settings.dataDir, "spool");
  const before = new Set(await filesBelow(spool, ".spool"));
  return async () => {
    const fresh = (await filesBelow(spool, "-audio.spool")).filter((file) => !before.has(file));
    return (await Promise.all(fresh.map(sizeOf))).some((bytes) => bytes > 1_000);
  };
}

/** Words that an observer first saw after the new process was ready; without observers, words that it counted. */
function newWords(stack: Stack, scene: Scene): Proof {
  const observer = observersOf(scene.cast).find((each) => !each.person.gone);
  let readyMs: number | undefined;
  return restarted(stack, "scribe", async ({ scribeOps }) => {
    if (!observer) return (await scribeWords(stack)) > 0;
    if (readyMs === undefined && (await ready(scribeOps))) readyMs = Date.now();
    const since = readyMs ?? Infinity;
    return (await readWatch(observer.person.page)).seen.some((each) => each.atMs > since);
  });
}

function bothSpeak(stack: Stack, { cast }: Scene): Proof {
  let first: Map<string, Heard> | undefined;
  return async (killedMs) => {
    // The sfu itself has noticed by then that its worker is gone.
    if (Date.now() - killedMs < 200) return false;
    const now = await heardFrom(stack.urls.sfuInternal);
    const base = first;
    first ??= now;
    const bytes = (at: Map<string, Heard> | undefined, seatId: string): number => at?.get(seatId)?.audioBytes ?? 0;
    const there = speakersOf(cast).filter((each) => !each.person.gone);
    return base !== undefined && there.every(({ seatId }) => bytes(now, seatId) > bytes(base, seatId));
  };
}

async function ready(port: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
}

/** Final words that the scribe that runs now has told. */
export const scribeWords = (stack: Stack): Promise<number> =>
  metric(stack.settings.ports.scribeOps, "scribe_words_total");

/** Whether sound waits for the speech engine: of who speaks now the last moment always does. */
export const speechWaits = async (stack: Stack): Promise<boolean> =>
  (await metric(stack.settings.ports.scribeOps, "scribe_backlog_seconds")) > 1;

/** A figure without labels from a process's own metrics. */
async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
}

async function filesBelow(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []); // Removed while we looked.
  return entries.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

async function sizeOf(file: string): Promise<number> {
  return await stat(file).then(
    (found) => found.size,
    () => 0, // Removed while we looked.
  );
}
