import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EventClient } from "@verbatim/hands/event-client";
import type { Log } from "@verbatim/hands/log";
import type { SpeechEngine } from "../speech/engine.ts";
import { NO_ENGINE } from "../speech/choose-engine.ts";
import { type FoundRun, watchRuns } from "../spool/runs.ts";
import { DONE_FILE, writeDurably } from "./cursor.ts";
import { openRunScribe, type RunScribe, type ScribeCounters } from "./run-scribe.ts";

/** A word is this much later at the most for our looking; an idle scribe looks less often. */
const LOOK_MS = 25;
const IDLE_MS = 250;
/** New runs are looked for this often; a look is two readdirs. */
const RUNS_MS = 250;

export type Scribe = {
  /** Until the signal aborts. What is under way is in each run's cursor then. */
  run(signal: AbortSignal): Promise<void>;
  readonly runs: number;
  readonly backlogS: number;
};

/** Hears every run in the spool, live or left over from before, until each is done with. */
export function createScribe(deps: {
  readonly spoolDir: string;
  readonly engine: SpeechEngine | undefined;
  readonly events: Pick<EventClient, "send" | "sendLatest">;
  readonly counters: ScribeCounters;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
}): Scribe {
  const { log, engine, now } = deps;
  const open = new Map<string, RunScribe>();

  /** Nobody will hear this run: the pages say why, and the spool need not wait for us. */
  const decline = async ({ dir, header }: FoundRun, reason: string): Promise<void> => {
    const { tenantId, interviewId, recordingId } = header;
    const speech = { state: "off", engine: "none", reason } as const;
    deps.events.sendLatest(`speech/${recordingId}`, { type: "speech", tenantId, interviewId, recordingId, speech });
    await writeDurably(path.join(dir, DONE_FILE), JSON.stringify({ version: 1 }));
  };

  const begin = async (found: FoundRun): Promise<void> => {
    if (existsSync(path.join(found.dir, DONE_FILE))) return;
    const refusal = engine ? engine.whyNot(found.header.language) : NO_ENGINE;
    if (!engine || refusal !== undefined) return decline(found, refusal ?? NO_ENGINE);
    open.set(found.dir, await openRunScribe({ ...deps, engine, dir: found.dir, header: found.header }));
  };

  const close = async (dir: string): Promise<void> => {
    const run = open.get(dir);
    open.delete(dir);
    await run?.[Symbol.asyncDispose]();
  };

  /** A run that fails is closed and begun again from its cursor; the others go on. */
  const step = async (dir: string, run: RunScribe): Promise<void> => {
    try {
      if (await run.step()) await close(dir);
    } catch (cause) {
      log.error("scribe.run_failed", { cause });
      await close(dir);
      again.add(dir);
    }
  };
  const again = new Set<string>();

  return {
    get runs() {
      return open.size;
    },
    get backlogS() {
      return Math.max(0, ...[...open.values()].map((run) => run.backlogS));
    },
    async run(signal) {
      const watch = watchRuns(deps.spoolDir);
      const known = new Map<string, FoundRun>();
      let lookedMs = Number.NEGATIVE_INFINITY;
      while (!signal.aborted) {
        if (now() - lookedMs >= RUNS_MS) {
          lookedMs = now();
          const { found, gone } = watch.look();
          for (const dir of gone) {
            known.delete(dir);
            await close(dir);
          }
          for (const each of found) known.set(each.dir, each);
          const restart = [...again].flatMap((dir) => known.get(dir) ?? []);
          again.clear();
          for (const each of [...found, ...restart]) await begin(each);
        }
        for (const [dir, run] of open) await step(dir, run);
        await delay(open.size > 0 ? LOOK_MS : IDLE_MS, undefined, { signal }).catch(() => undefined); // Asked to stop.
      }
      for (const dir of open.keys()) await close(dir);
    },
  };
}
