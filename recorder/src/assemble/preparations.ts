import type { Log } from "@verbatim/hands/log";
import { openManifest } from "@verbatim/hands/manifest-signature";
import type { Store } from "@verbatim/hands/store/store";
import type { RecordingId } from "@verbatim/shared/ids";
import { PrepareJob } from "@verbatim/shared/recording/manifest";
import { type OpenMaster, openMaster } from "./open-master.ts";

/** Each holds an encoder's thread (about 20 MB) and the chunks of its interview; later ones are made at Stop. */
const MOST = 16;
/** A recording of which nothing was heard for so long has ended without us. */
const FORGOTTEN_MS = 900_000;
/** Long after the last job of a revision has left the queue. */
const TAKEN_MOST = 1_000;

/**
 * Masters of recordings that still run, so that people wait at Stop for the last minute of sound and not for the whole
 * interview. Nothing here is needed: an assembler that was killed makes the master anew, with the same bytes.
 */
export type Preparations = AsyncDisposable & {
  /** Takes a job's payload; never throws. */
  extend(payload: unknown, signal: AbortSignal): Promise<void>;
  /**
   * Gives up the recording's master to the caller, who ends it. Work under way on it is ended first, and what still
   * waits in the queue for this revision is left out.
   */
  take(recordingId: RecordingId, revision: number): Promise<OpenMaster | undefined>;
};

type Entry = { master: OpenMaster; seenAt: number; stop: AbortController; turn: Promise<void> };

export function createPreparations(deps: {
  readonly store: Store;
  readonly secret: string;
  readonly workFolder: string;
  readonly log: Log;
  readonly now: () => number;
}): Preparations {
  const { log, now } = deps;
  const entries = new Map<RecordingId, Entry>();
  const taken = new Map<RecordingId, number>();

  const remove = async (recordingId: RecordingId): Promise<OpenMaster | undefined> => {
    const entry = entries.get(recordingId);
    entries.delete(recordingId);
    entry?.stop.abort();
    await entry?.turn;
    return entry?.master;
  };

  const drop = async (recordingId: RecordingId): Promise<void> => {
    const master = await remove(recordingId);
    await master?.[Symbol.asyncDispose]();
  };

  const entryOf = async (recordingId: RecordingId): Promise<Entry | undefined> => {
    for (const [id, { seenAt }] of entries) if (now() - seenAt > FORGOTTEN_MS) await drop(id);
    const known = entries.get(recordingId);
    if (known) return known;
    if (entries.size >= MOST) return undefined;
    const master = await openMaster(deps.workFolder, deps.store);
    const entry = { master, seenAt: now(), stop: new AbortController(), turn: Promise.resolve() };
    entries.set(recordingId, entry);
    return entry;
  };

  return {
    async take(recordingId, revision) {
      taken.set(recordingId, revision);
      for (const oldest of taken.keys()) {
        if (taken.size <= TAKEN_MOST) break;
        taken.delete(oldest);
      }
      return remove(recordingId);
    },
    async extend(payload, signal) {
      const begun = now();
      let recordingId: RecordingId | undefined;
      try {
        const { untilSamples, signed } = PrepareJob.parse(payload);
        const manifest = openManifest(deps.secret, Buffer.from(JSON.stringify(signed)));
        recordingId = manifest.recordingId;
        if (manifest.revision <= (taken.get(recordingId) ?? 0)) return;
        const entry = await entryOf(recordingId);
        if (!entry) return;
        entry.seenAt = now();
        const until = AbortSignal.any([signal, entry.stop.signal]);
        const work = entry.turn.then(() => entry.master.extend(manifest, untilSamples, until));
        entry.turn = work.catch(() => undefined); // Told below; whoever takes the master only waits.
        await work;
        log.debug("prepare.extended", { recordingId, untilSamples, ms: Math.round(now() - begun) });
      } catch (cause) {
        // Stopped: the encoder holds whole windows and goes on from there. Anything else may have left half of one.
        if (signal.aborted || !recordingId || !entries.has(recordingId)) return;
        log.warn("prepare.failed", { recordingId, cause });
        await drop(recordingId);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...entries.keys()].map(drop));
    },
  };
}
