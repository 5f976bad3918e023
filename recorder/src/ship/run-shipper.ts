import { existsSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { EventClient } from "@verbatim/hands/event-client";
import type { Log } from "@verbatim/hands/log";
import type { Store } from "@verbatim/hands/store/store";
import { utcMsAt } from "@verbatim/shared/clock";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import type { RecordingControl } from "@verbatim/shared/recording/control";
import type { ChunkRow } from "@verbatim/shared/recording/manifest";
import { UNDO_STOP_MS } from "@verbatim/shared/recording/state";
import { CONTROL_LOG } from "@verbatim/shared/spool/format";
import type { Libopus } from "../opus/libopus.ts";
import { openLog } from "../spool/reader.ts";
import type { FoundRun } from "../spool/runs.ts";
import { announce } from "./announce.ts";
import { buildSlot } from "./build-slot.ts";
import { createPictureShipper } from "./picture-shipper.ts";
import type { PictureTurns } from "./picture-turns.ts";
import { createRunTracks } from "./run-tracks.ts";
import { openShipLog } from "./ship-log.ts";
import { createSlots, type Slot } from "./slots.ts";
import { storeChunk } from "./store-chunk.ts";

/** Written empty by the scribe beside the spool when it has read all that it will. */
export const SCRIBE_DONE = "scribe.done";
/** Long after a Stop could be undone: the api's clock and ours may differ. */
const UNDO_PASSED_MS = UNDO_STOP_MS + 600_000;

export type ShipDeps = {
  readonly store: Store;
  readonly events: EventClient;
  readonly opus: Libopus;
  readonly log: Log;
  readonly random: () => number;
  readonly utcMs: () => number;
  readonly counters: { stored: number; failed: number; late: number };
  readonly turns: PictureTurns;
};

export type RunShipper = AsyncDisposable & {
  readonly dir: string;
  readonly recordingId: string;
  readonly control: RecordingControl | undefined;
  /** Reads what is new and tells the api how the run stands. `newest`: the recording's newest control state in any run. */
  tick(newest: RecordingControl | undefined): void;
  /** Only looks whether a slot is due: after Stop somebody waits for the last one. */
  peek(): void;
  /** Nothing is left to do of what could be done now. */
  readonly idle: boolean;
  readonly ended: boolean;
  readonly backlog: number;
  /** Everything is stored and in the api's books, the scribe is past it, and no undo can come: the run may be deleted. */
  readonly finished: boolean;
  /** Says so to the api, and waits for its answer. */
  conclude(): Promise<void>;
  /** Set when something failed that reading the run anew may mend. */
  readonly failure: unknown;
};

/** Ships one run: cuts it, makes its chunks, stores them, announces them. All it knows can be found again in the run's folder. */
export function createRunShipper(found: FoundRun, deps: ShipDeps): RunShipper {
  const { dir, header } = found;
  const { events, counters } = deps;
  const log = deps.log.with({ interviewId: header.interviewId, runId: header.runId });
  const stop = new AbortController();
  const { signal } = stop;
  const controlLog = openLog(join(dir, CONTROL_LOG));
  const shipLog = openShipLog(dir);
  const tracks = createRunTracks(dir, header.clock, log);
  const slots = createSlots(header);
  const pictures = createPictureShipper(found, deps);
  const queue: Slot[] = [];
  const announcing = new Set<Promise<void>>();
  let learnt = 0;
  let pumping: Promise<void> | undefined;
  let doneOfSlot = 0;
  let failure: unknown;

  const allAnswered = (): boolean => shipLog.unanswered.size === 0;
  const idle = (): boolean => queue.length === 0 && pumping === undefined;

  const backlog = (): number => Math.max(0, queue.length * (1 + tracks.speakers) - doneOfSlot);

  const storedSamples = (): number => {
    if (idle() && allAnswered()) return slots.position;
    const unanswered = [...shipLog.unanswered.values()].map((row) => row.startSamples);
    return Math.max(header.startSamples, Math.min(shipLog.storedSamples, ...unanswered));
  };

  const alive = (): Extract<RecorderEvent, { type: "run-alive" }> => ({
    type: "run-alive",
    tenantId: header.tenantId,
    interviewId: header.interviewId,
    recordingId: header.recordingId,
    runId: header.runId,
    clock: header.clock,
    startSamples: header.startSamples,
    durableSamples: slots.durableSamples,
    storedSamples: storedSamples(),
    endSamples: slots.end?.atSamples ?? null,
    backlog: backlog(),
    tracks: [...tracks.alive, ...pictures.alive],
  });
  const sayAlive = (): void => events.sendLatest(`alive/${header.runId}`, alive());

  const tell = (row: ChunkRow): void => {
    const telling = announce(row, { header, events, log, signal })
      .then((told) => {
        if (!told || signal.aborted) return;
        shipLog.append({ type: "answered", key: row.key });
        if (allAnswered()) sayAlive();
      })
      .catch((cause: unknown) => {
        failure ??= cause;
      })
      .finally(() => announcing.delete(telling));
    announcing.add(telling);
  };

  const ship = async (slot: Slot): Promise<void> => {
    const media = tracks.advance(slot);
    if (slot.endSamples <= shipLog.storedSamples) return;
    const built = buildSlot(header.runId, slot, media, deps.opus);
    doneOfSlot = 0;
    await Promise.all(
      built.map(async (chunk) => {
        const own = shipLog.rows.filter(({ track }) => track === chunk.track);
        // Stored before a crash that came before the slot's end was written down.
        if (own.some((row) => row.startSamples >= slot.startSamples)) return;
        const failed = (): void => void (counters.failed += 1);
        const row = await storeChunk(chunk, own.at(-1), { ...deps, header, log, signal, failed });
        shipLog.append({ type: "chunk", row });
        counters.stored += 1;
        doneOfSlot += 1;
        tell(row);
      }),
    );
    shipLog.append({ type: "slot", endSamples: slot.endSamples });
    counters.late = Math.max(counters.late, tracks.late);
    log.info("ship.slot_stored", {
      startSamples: slot.startSamples,
      endSamples: slot.endSamples,
      chunks: built.length,
    });
  };

  const pump = async (): Promise<void> => {
    for (let slot = queue[0]; slot && !signal.aborted; slot = queue[0]) {
      await ship(slot);
      queue.shift();
      doneOfSlot = 0;
      // Other runs, and the answers to what was sent, get their turn.
      await setImmediate();
    }
  };

  const wake = (): void => {
    if (pumping || queue.length === 0 || signal.aborted || failure !== undefined) return;
    pumping = pump()
      .catch((cause: unknown) => {
        if (!signal.aborted) failure ??= cause;
      })
      .finally(() => {
        pumping = undefined;
        if (!signal.aborted) sayAlive();
        wake();
      });
  };

  const due = (closed: Slot[]): void => {
    queue.push(...closed);
    pictures.push(closed);
  };

  const readControl = (newest: RecordingControl | undefined): void => {
    do for (const record of controlLog.read()) due(slots.push(record));
    while (controlLog.more);
    if (!slots.end || slots.closed) return;
    for (const control of shipLog.controls.slice(learnt)) due(slots.learn(control));
    learnt = shipLog.controls.length;
    const revision = (of: RecordingControl | undefined): number => of?.transitions.at(-1)?.revision ?? 0;
    if (newest && revision(newest) > revision(slots.control)) {
      // First into the log: whoever reads this run again must come to the same slots.
      shipLog.append({ type: "control", control: newest });
      learnt += 1;
      due(slots.learn(newest));
    }
  };

  const attempt = (work: () => void): void => {
    if (failure !== undefined) return;
    try {
      work();
    } catch (cause) {
      failure = cause;
    }
  };

  const undoPassed = (): boolean => {
    const stopped = slots.stopSamples;
    return stopped !== undefined && deps.utcMs() > utcMsAt(header.clock, stopped) + UNDO_PASSED_MS;
  };

  for (const row of shipLog.unanswered.values()) tell(row);

  return {
    dir,
    recordingId: header.recordingId,
    tick: (newest) =>
      attempt(() => {
        readControl(newest);
        tracks.look();
        wake();
        pictures.wake();
        sayAlive();
      }),
    peek: () =>
      attempt(() => {
        readControl(undefined);
        wake();
      }),
    async conclude() {
      await events.send(alive());
    },
    get control() {
      return slots.control;
    },
    get idle() {
      return idle() && announcing.size === 0;
    },
    get ended() {
      return slots.end !== undefined;
    },
    get backlog() {
      return backlog();
    },
    get finished() {
      if (!slots.end || !pictures.idle || !idle() || announcing.size > 0 || !allAnswered() || failure !== undefined)
        return false;
      return (slots.closed || undoPassed()) && existsSync(join(dir, SCRIBE_DONE));
    },
    get failure() {
      return failure ?? pictures.failure;
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new DOMException("Shipping of the run has ended.", "AbortError"));
      // Events under way are the client's; they end with it, or are answered to nobody.
      await pumping;
      await pictures[Symbol.asyncDispose]();
      controlLog.close();
      tracks[Symbol.dispose]();
      shipLog[Symbol.dispose]();
    },
  };
}
