import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CONTROL_LOG,
  type ControlRecord,
  type RunEnd,
  type RunHeader,
  type TrackHeader,
} from "@verbatim/shared/spool/format";
import { openLog, type LogEntry, type LogReader } from "./reader.ts";

/** What one track's log brought since the last look. */
export type TrackNews = { readonly file: string; readonly header: TrackHeader; readonly entries: readonly LogEntry[] };

/** What a run brought since the last look. */
export type RunNews = {
  /** Control states that are new, oldest first; each contains all transitions before it. */
  readonly controls: readonly ControlRecord[];
  /** Tracks with something new, their header among it the first time. */
  readonly tracks: readonly TrackNews[];
  /** There is more to read at once; `progressUs` and `ended` do not count it yet. */
  readonly more: boolean;
};

/** One run as its readers see it: while it is written, after it was left behind, and after recovery. */
export type RunReader = Disposable & {
  readonly dir: string;
  /** Reads what is new in every log. Cheap when there is nothing (one fstat per log). */
  look(): RunNews;
  /** Undefined until the control log's first record could be read. */
  readonly header: RunHeader | undefined;
  /** The last control state. */
  readonly control: ControlRecord | undefined;
  /**
   * Monotonic µs of the recording's host up to which everything that arrived has been returned by `look`:
   * media with an earlier arrival will not come any more. Undefined before the first heartbeat.
   */
  readonly progressUs: number | undefined;
  /** Up to this position everything is fdatasync'ed. */
  readonly durableSamples: number;
  /** How the run ended, once everything before its end has been returned. */
  readonly ended: RunEnd | undefined;
  /** Whether its end is written, though what was before it may not have been returned. */
  isOver(): boolean;
  /** Byte cursors by file name, for a reader that wants to go on from here after a restart. */
  cursors(): Readonly<Record<string, number>>;
  close(): void;
};

/**
 * Opens a run's logs. `from` gives cursors per track file, as `cursors()` answered (or any entry's `next`);
 * the control log and each track's header are always read from the start, since they are small and needed.
 */
export function openRun(
  dir: string,
  from: Readonly<Record<string, number>> = {},
  /** Which logs are read: who wants the sound alone does not read hundreds of megabytes of pictures. */
  files: (dir: string) => string[] = trackFiles,
): RunReader {
  const controlLog = openLog(join(dir, CONTROL_LOG));
  const tracks = new Map<string, { readonly log: LogReader; header: TrackHeader | undefined }>();
  let header: RunHeader | undefined;
  let control: ControlRecord | undefined;
  let progressUs: number | undefined;
  let durableSamples = 0;
  let end: RunEnd | undefined;
  let ended: RunEnd | undefined;
  let beatUs: number | undefined;
  /** Read, and not returned yet. */
  let controls: ControlRecord[] = [];

  const readControl = (): void => {
    for (const entry of controlLog.read()) {
      if (entry.type === "run") header = entry.header;
      else if (entry.type === "control") controls.push(entry.control);
      else if (entry.type === "heartbeat") {
        beatUs = entry.heartbeat.atUs;
        durableSamples = Math.max(durableSamples, entry.heartbeat.durableSamples);
      } else if (entry.type === "end") {
        end = entry.end;
        beatUs = Math.max(beatUs ?? 0, entry.end.atUs);
      }
    }
  };

  const readTrack = (file: string): { news: TrackNews | undefined; more: boolean } => {
    let track = tracks.get(file);
    if (!track) {
      const cursor = from[file] ?? 0;
      track = {
        log: openLog(join(dir, file), cursor),
        header: cursor > 0 ? readTrackHeader(join(dir, file)) : undefined,
      };
      tracks.set(file, track);
    }
    const entries = track.log.read();
    const first = entries[0];
    if (first?.type === "track") track.header = first.header;
    const { log, header: known } = track;
    return { news: known && entries.length > 0 ? { file, header: known, entries } : undefined, more: log.more };
  };

  const look = (): RunNews => {
    // The control log first: a heartbeat promises that the tracks, read after it, hold everything before it.
    readControl();
    const fresh = controls;
    controls = [];
    control = fresh.at(-1) ?? control;
    let more = controlLog.more;
    const news: TrackNews[] = [];
    for (const file of files(dir)) {
      const track = readTrack(file);
      if (track.news) news.push(track.news);
      more ||= track.more;
    }
    if (!more) {
      progressUs = beatUs;
      ended = end;
    }
    return { controls: fresh, tracks: news, more };
  };

  const close = (): void => {
    controlLog.close();
    for (const { log } of tracks.values()) log.close();
  };

  return {
    dir,
    look,
    close,
    [Symbol.dispose]: close,
    cursors: () => Object.fromEntries([...tracks].map(([file, { log }]) => [file, log.offset])),
    get header() {
      return header;
    },
    get control() {
      return control;
    },
    get progressUs() {
      return progressUs;
    },
    get durableSamples() {
      return durableSamples;
    },
    get ended() {
      return ended;
    },
    isOver() {
      readControl();
      return end !== undefined;
    },
  };
}

/** Names of the track logs in a run's directory. */
export function trackFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(".spool") && name !== CONTROL_LOG)
      .toSorted();
  } catch {
    // The run was deleted: nothing to read.
    return [];
  }
}

const PICTURE_LOG = /-(camera|screen)\.spool$/;

/** Logs of sound; the kind of a track stands in its name. */
export const soundFiles = (dir: string): string[] => trackFiles(dir).filter((file) => !PICTURE_LOG.test(file));
export const pictureFiles = (dir: string): string[] => trackFiles(dir).filter((file) => PICTURE_LOG.test(file));

export function readTrackHeader(path: string): TrackHeader | undefined {
  using log = openLog(path);
  const first = log.read()[0];
  return first?.type === "track" ? first.header : undefined;
}
