import { mkdirSync, openSync, closeSync, fsync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { positionAt } from "@verbatim/shared/clock";
import type { RecordingControl } from "@verbatim/shared/recording/control";
import { CONTROL_LOG, trackLog, type RunEnd, type RunHeader, type TrackHeader } from "@verbatim/shared/spool/format";
import { openLogWriter, type LogFile, type LogWriter } from "../spool/writer.ts";
import type { TrackStore } from "./track.ts";

const fsyncOf = promisify(fsync);

/** What of a picture may wait for a full disk: little, since it would take room from sound when there is some again. */
const PICTURE_HELD_BYTES_MAX = 512 * 1024;

/**
 * A picture is handed to the kernel in pieces of this size, or with the next heartbeat: a tenth of a second of a camera,
 * instead of one call for each packet. A killed capture loses that of it, and begins with a key frame anyway.
 */
const PICTURE_WRITE_BYTES = 16 * 1024;

/** One run on the disk: its directory, its logs, its heartbeats, its end. */
export type Run = TrackStore & {
  readonly header: RunHeader;
  readonly dir: string;
  /** Appends a control state and hands it to the kernel at once: readers act on it. */
  control(control: RecordingControl): void;
  /** Hands everything of the sound to the kernel, and of a picture what has gathered. */
  flush(): void;
  /**
   * Makes everything in the logs durable, then writes and syncs a heartbeat that says so. `atUs`: everything that
   * arrived before is in the logs. False, and no heartbeat, when the disk refused part of it.
   */
  beat(atUs: number): Promise<boolean>;
  /** Ends every log and closes it. The directory stays for its readers. */
  end(reason: RunEnd["reason"], atUs: number): Promise<void>;
  /** What stands in its files cannot be proven durable any more: a new run in new files must go on. */
  readonly doubtful: boolean;
  /** When (this host's µs) the last heartbeat became durable, or the run began; and how long its syncs took. */
  readonly durableAtUs: number;
  readonly syncMs: number;
  /** Bytes that wait in memory for the disk, and media records given up. */
  readonly heldBytes: number;
  readonly heldPictureBytes: number;
  readonly dropped: number;
};

/** Makes the run's directory, whole from the first moment a reader can see it, with header and control state in it. */
export function startRun(options: {
  readonly spoolDir: string;
  readonly header: RunHeader;
  readonly startUs: number;
  readonly control: RecordingControl;
  readonly nowUs: () => number;
  readonly onFault: (fault: unknown) => void;
  readonly file?: LogFile;
}): Run {
  const { header, startUs, onFault } = options;
  const writerOptions = options.file ? { onFault, file: options.file } : { onFault };
  const instanceDir = join(options.spoolDir, header.instance);
  const dir = join(instanceDir, header.runId);
  const making = join(instanceDir, `${header.runId}.new`);
  mkdirSync(making, { recursive: true, mode: 0o700 });
  const controlLog = openLogWriter(join(making, CONTROL_LOG), writerOptions);
  controlLog.append({ type: "run", header });
  controlLog.append({ type: "control", control: options.control });
  controlLog.flush();
  renameSync(making, dir);

  const sounds: LogWriter[] = [];
  /** Written after the sounds, and synced beside them: no heartbeat waits for a picture, or is left out for one. */
  const pictures: LogWriter[] = [];
  const tracks = (): LogWriter[] => [...sounds, ...pictures];
  let syncingPictures: Promise<unknown> | undefined;
  let directoriesToSync = [dir, instanceDir, dirname(instanceDir)];
  let durableAtUs = options.nowUs();
  let syncMs = 0;
  let beating: Promise<boolean> | undefined;
  let open = true;

  const flush = (): void => {
    for (const log of sounds) log.flush();
    controlLog.flush();
    for (const log of pictures) if (log.heldBytes >= PICTURE_WRITE_BYTES) log.flush();
  };

  const syncPictures = (): void => {
    // On a slow disk the next beat finds the last one's syncs under way, and adds none.
    syncingPictures ??= Promise.all(pictures.map((log) => log.sync())).finally(() => (syncingPictures = undefined));
  };

  const syncDirectories = async (): Promise<boolean> => {
    const wanted = directoriesToSync;
    directoriesToSync = [];
    try {
      for (const path of wanted) await syncDirectory(path);
      return true;
    } catch (fault) {
      directoriesToSync = wanted;
      onFault(fault);
      return false;
    }
  };

  const makeDurable = async (): Promise<boolean> => {
    const done = await Promise.all([...sounds.map((log) => log.sync()), syncDirectories()]);
    return done.every(Boolean);
  };

  const beatOnce = async (atUs: number): Promise<boolean> => {
    const beganUs = options.nowUs();
    if (!(await makeDurable()) || !open) return false;
    // Readers take a heartbeat for the end of what comes before it, of pictures too.
    for (const log of pictures) log.flush();
    const durableSamples = Math.max(0, positionAt(header.clock, atUs));
    controlLog.append({ type: "heartbeat", heartbeat: { atUs, durableSamples } });
    if (!(await controlLog.sync())) return false;
    durableAtUs = options.nowUs();
    syncMs = (durableAtUs - beganUs) / 1000;
    syncPictures();
    return true;
  };

  return {
    header,
    dir,
    startUs,
    flush,
    openTrack(track: TrackHeader) {
      const picture = track.kind !== "audio";
      const log = openLogWriter(join(dir, trackLog(track.trackId)), {
        ...writerOptions,
        ...(picture && { heldBytesMax: PICTURE_HELD_BYTES_MAX }),
      });
      (picture ? pictures : sounds).push(log);
      directoriesToSync = [dir, ...directoriesToSync];
      return log;
    },
    control(control) {
      controlLog.append({ type: "control", control });
      controlLog.flush();
    },
    async beat(atUs) {
      if (!open) return false;
      // A disk slower than the interval: the next beat waits for nobody, it is left out.
      if (beating) return false;
      beating = beatOnce(atUs);
      try {
        return await beating;
      } finally {
        beating = undefined;
      }
    },
    async end(reason, atUs) {
      if (!open) return;
      open = false;
      await beating;
      const record = { atUs, atSamples: Math.max(0, positionAt(header.clock, atUs)), reason };
      for (const log of tracks()) log.append({ type: "end", end: record });
      await makeDurable();
      syncPictures();
      await syncingPictures;
      // The control log last: its end tells readers that the tracks are whole.
      controlLog.append({ type: "end", end: record });
      await controlLog.sync();
      for (const log of [...tracks(), controlLog]) log.close();
    },
    get doubtful() {
      return controlLog.doubtful || sounds.some((log) => log.doubtful);
    },
    get durableAtUs() {
      return durableAtUs;
    },
    get syncMs() {
      return syncMs;
    },
    get heldBytes() {
      return tracks().reduce((sum, log) => sum + log.heldBytes, controlLog.heldBytes);
    },
    get heldPictureBytes() {
      return pictures.reduce((sum, log) => sum + log.heldBytes, 0);
    },
    get dropped() {
      return tracks().reduce((sum, log) => sum + log.dropped, 0);
    },
  };
}

/** A new file is there after a power cut only when its directory was synced too. */
async function syncDirectory(path: string): Promise<void> {
  const fd = openSync(path, "r");
  try {
    await fsyncOf(fd);
  } finally {
    closeSync(fd);
  }
}
