import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { getReview } from "@verbatim/shared/api/interviews";
import { type Cast, member, observersOf, present, speakersOf } from "./cast.ts";
import type { Fault } from "./fault.ts";
import { receivedBytes } from "./sfu-traffic.ts";
import type { NetworkCut } from "./network-cut.ts";
import { poll } from "./poll.ts";
import { killProcess } from "./process-kill.ts";
import type { Stack } from "../local/stack.ts";
import type { Target } from "./target.ts";
import { takeOver } from "./walk.ts";
import { readWatch } from "./watch.ts";

/** How long a fault's healing is waited for. */
const HEALED_WITHIN_MS = 60_000;

export type Scene = {
  readonly target: Target;
  readonly interviewId: string;
  readonly cast: Cast;
  readonly cut: NetworkCut | undefined;
  readonly signal: AbortSignal;
};

/** What became of one fault. `recoveredMs` is null where nothing was to recover, or did not. */
export type FaultOutcome = { readonly recoveredMs: number | null; readonly note: string; readonly takeoverMs?: number };

/** Breaks one thing and waits for the first proof of work after it. */
export async function injectFault(fault: Fault, scene: Scene): Promise<FaultOutcome> {
  switch (fault.type) {
    case "close":
      await member(scene.cast, fault.person).person.kill();
      return { recoveredMs: null, note: "The browser was killed and does not come back." };
    case "offline":
      return await goOffline(fault.person, fault.forSeconds * 1000, scene);
    case "takeover":
      return await doTakeOver(`observer${fault.observer}`, scene);
    case "kill": {
      const { stack } = scene.target;
      if (!stack) throw new Error(`${fault.spec}: only processes of an own stack can be killed.`);
      const works = await proofOfWork(fault.process, stack, scene);
      const atMs = Date.now();
      await killProcess(stack, fault.process);
      const healed = await poll(() => works(atMs), HEALED_WITHIN_MS, 25);
      return {
        recoveredMs: healed === undefined ? null : Date.now() - atMs,
        note: healed === undefined ? `No proof of work within ${HEALED_WITHIN_MS / 1000} s.` : "",
      };
    }
  }
}

async function goOffline(name: string, forMs: number, scene: Scene): Promise<FaultOutcome> {
  const { person, seatId, role } = member(scene.cast, name);
  const { cut, target } = scene;
  if (!cut || person.uid === undefined)
    throw new Error("offline needs root, so that a person's packets can be told apart.");
  const received = async (): Promise<number | undefined> =>
    target.stack ? (await receivedBytes(target.stack.urls.sfuInternal)).get(seatId) : undefined;
  await cut.cut(person.uid);
  // Packets that were under way when the cut began still arrive.
  await sleep(250, scene.signal);
  const before = await received();
  await sleep(forMs - 350, scene.signal);
  const after = await received();
  await cut.mend(person.uid);
  const mendedMs = Date.now();
  const still =
    before === undefined
      ? "not observed (running elsewhere)"
      : before === after
        ? "stood still"
        : `GREW by ${(after ?? 0) - before}`;
  const note = `Bytes received at the sfu ${still}.`;
  if (role === "observer") return { recoveredMs: null, note };
  const back = await poll(async () => ((await received()) ?? 0) > (after ?? 0) + 2_000, HEALED_WITHIN_MS, 50);
  return { recoveredMs: back ? Date.now() - mendedMs : null, note };
}

/** From the click to the last other page that shows the new epoch. */
async function doTakeOver(name: string, scene: Scene): Promise<FaultOutcome> {
  const { person } = member(scene.cast, name);
  const before = (await readWatch(person.page)).control.at(-1)?.epoch ?? 0;
  const clickedMs = await takeOver(person.page);
  const others = present(scene.cast).filter((each) => each.person !== person);
  const shown = await Promise.all(
    others.map((other) =>
      poll(async () => (await readWatch(other.person.page)).control.find((each) => each.epoch > before)?.atMs, 15_000),
    ),
  );
  const missing = others.filter((_, index) => shown[index] === undefined).map((other) => other.person.name);
  if (missing.length > 0) return { recoveredMs: null, note: `Not shown to ${missing.join(", ")} within 15 s.` };
  const takeoverMs = Math.max(0, ...shown.map((atMs) => (atMs ?? 0) - clickedMs));
  return { recoveredMs: null, note: `Shown to ${others.length} others.`, takeoverMs };
}

/** A question that is true once the killed process has done its work again. */
async function proofOfWork(
  process: Extract<Fault, { type: "kill" }>["process"],
  stack: Stack,
  scene: Scene,
): Promise<(killedMs: number) => Promise<boolean>> {
  switch (process) {
    case "capture": {
      const spool = join(stack.settings.dataDir, "spool");
      const before = new Set(await filesBelow(spool, ".spool"));
      // A record in a track's log of a run that was not there before.
      return async () => {
        const fresh = (await filesBelow(spool, "-audio.spool")).filter((file) => !before.has(file));
        return (await Promise.all(fresh.map(sizeOf))).some((bytes) => bytes > 1_000);
      };
    }
    case "ship": {
      const count = async (): Promise<number> => {
        const { recordings } = await scene.target.client.call(getReview, {
          params: { interviewId: scene.interviewId },
        });
        return recordings.reduce((sum, each) => sum + each.chunks.length, 0);
      };
      const before = await count();
      return async () => (await count()) > before;
    }
    case "scribe":
    case "assembler": {
      const pid = stack.pid(process);
      const observer = observersOf(scene.cast).find((each) => !each.person.gone);
      return async (killedMs) => {
        if (stack.pid(process) === undefined || stack.pid(process) === pid) return false;
        if (process === "assembler" || !observer) return await ready(stack, process);
        // Words first seen after the new process was ready; those under way at the kill are too early for that.
        const { seen } = await readWatch(observer.person.page);
        return (await ready(stack, process)) && seen.some((each) => each.atMs > killedMs + 500);
      };
    }
    case "api":
      return async () => {
        const health = await fetch(`${stack.urls.apiInternal}/healthz`).catch(() => undefined); // Down, which is the fault.
        if (!health?.ok) return false;
        const synced = await Promise.all(
          observersOf(scene.cast)
            .filter((each) => !each.person.gone)
            .map((each) => each.person.page.locator("[data-live='live']").count()),
        );
        return synced.every((count) => count > 0);
      };
    case "sfu-worker": {
      const seats = speakersOf(scene.cast)
        .filter((each) => !each.person.gone)
        .map((each) => each.seatId);
      let first: Map<string, number> | undefined;
      return async (killedMs) => {
        if (Date.now() - killedMs < 200) return false;
        const now = await receivedBytes(stack.urls.sfuInternal);
        const base = first;
        first ??= now;
        return base !== undefined && seats.every((seat) => (now.get(seat) ?? 0) > (base.get(seat) ?? 0));
      };
    }
  }
}

async function ready(stack: Stack, process: "scribe" | "assembler"): Promise<boolean> {
  const port = process === "scribe" ? stack.settings.ports.scribeOps : stack.settings.ports.assemblerOps;
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined); // Not listening yet.
  return answer?.ok === true;
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

export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
