import { setTimeout as delay } from "node:timers/promises";
import { tail } from "./log-files.ts";
import type { ProcessList } from "./process-list.ts";
import { type ProcessSpec, type Supervised, supervise } from "./supervise.ts";

export type Member = ProcessSpec & {
  /** Answers 200 when the process can do its work. */
  readonly readyUrl: string;
  /** Members of a wave end together; a later wave ends after it, because the earlier one flushes into it. */
  readonly endsInWave: Wave;
};

/** Capture stops writing the spool first, its readers flush it, and only then go those that they flush into. */
export type Wave = 1 | 2 | 3;

export type Running = AsyncDisposable & {
  /** Who runs now. */
  pids(): ReadonlyMap<string, number>;
  /** Resolves when every member is ready. Rejects when some cannot start, with what each of those logged. */
  untilReady(signal?: AbortSignal): Promise<void>;
};

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
/** Nothing that dies this often at its start will ever run: its log says why. */
const HOPELESS_DEATHS = 4;
/** After the first that cannot start: time for the others to show whether they can. */
const OTHERS_WITHIN_MS = 5_000;
/**
 * How long the next wave waits for this one. Capture is usually done sooner; where the disk makes it need its
 * own 2 s, ship is told meanwhile and waits for it itself. Ship's flush takes 3 s at most, and nobody flushes into the last.
 */
const WAVE_WITHIN_MS: Readonly<Record<Wave, number>> = { 1: 300, 2: 3_000, 3: 300 };
/** All waves together end within this; who has not flushed by then is killed. The spool keeps what they had. */
export const END_WITHIN_MS = WAVE_WITHIN_MS[1] + WAVE_WITHIN_MS[2] + WAVE_WITHIN_MS[3];

/** Starts all members, keeps them running and knows when they are ready. Dispose ends them in their waves. */
export function runProcesses(
  members: readonly Member[],
  { list, say }: { readonly list: ProcessList; readonly say: (line: string) => void },
): Running {
  const running = members.map((member) => {
    const watched: Supervised = supervise(member, {
      onStart: (pid) => list.add(member.name, pid),
      onDeath(pid, how, quickDeaths) {
        list.remove(pid);
        if (up && !ending)
          say(
            `${member.name} ended (${how}); starting it again${quickDeaths > 2 ? `, time ${quickDeaths}` : ""}. Its log: ${member.logFile}`,
          );
      },
    });
    return { member, watched };
  });
  let ending: Promise<void> | undefined;
  /** Before this, a death is told once, by `untilReady`. */
  let up = false;

  async function untilReady(signal?: AbortSignal): Promise<void> {
    let deadline = performance.now() + READY_WITHIN_MS;
    let someHopeless = false;
    const faults = await Promise.all(
      running.map(async ({ member, watched }) => {
        while (!(await answers(member.readyUrl))) {
          signal?.throwIfAborted();
          const hopeless = watched.quickDeaths() >= HOPELESS_DEATHS;
          if (hopeless || performance.now() > deadline) {
            if (!hopeless && someHopeless) return []; // It may only wait for that one.
            if (hopeless && !someHopeless) deadline = Math.min(deadline, performance.now() + OTHERS_WITHIN_MS);
            someHopeless ||= hopeless;
            const what = hopeless ? "cannot start" : `is not ready after ${READY_WITHIN_MS / 1000} s`;
            return [`${member.name} ${what}. The end of ${member.logFile}:\n${await tail(member.logFile)}`];
          }
          await delay(POLL_MS);
        }
        return [];
      }),
    );
    if (faults.flat().length > 0) throw new Error(faults.flat().join("\n\n"));
    up = true;
  }

  async function end(): Promise<void> {
    const waves = [...new Set(members.map((member) => member.endsInWave))].toSorted((a, b) => a - b);
    const ends: Promise<void>[] = [];
    const deadline = performance.now() + END_WITHIN_MS;
    for (const wave of waves) {
      const now = running.filter(({ member }) => member.endsInWave === wave).map(({ watched }) => watched.end());
      ends.push(...now);
      await withinMs(Promise.all(now), WAVE_WITHIN_MS[wave]);
    }
    // A later wave may be done before an earlier one.
    await withinMs(Promise.all(ends), deadline - performance.now());
    for (const { watched } of running) watched.kill();
    await Promise.all(ends);
  }

  return {
    pids: () =>
      new Map(
        running.flatMap(({ member, watched }) => {
          const pid = watched.pid();
          return pid === undefined ? [] : [[member.name, pid] as const];
        }),
      ),
    untilReady,
    [Symbol.asyncDispose]: () => (ending ??= end()),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // It does not listen yet.
  }
}

async function withinMs(work: Promise<unknown>, ms: number): Promise<void> {
  const late = new AbortController();
  await Promise.race([work, delay(ms, undefined, { signal: late.signal }).catch(() => undefined)]); // Not late after all.
  late.abort();
}
