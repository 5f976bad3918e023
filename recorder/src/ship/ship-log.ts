import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Samples } from "@verbatim/shared/clock";
import { TrackId } from "@verbatim/shared/ids";
import { RecordingControl } from "@verbatim/shared/recording/control";
import { ChunkGap, ChunkRow } from "@verbatim/shared/recording/manifest";
import { PictureCursor } from "./picture-track.ts";

/** What ship knows of a run and could not find out again: JSON lines beside the spool, appended and synced. */
const Line = z.discriminatedUnion("type", [
  /** In the store, read back, and its hash matched. */
  z.object({ type: z.literal("chunk"), row: ChunkRow }),
  /** The api has it in its books. */
  z.object({ type: z.literal("answered"), key: z.string() }),
  /** Every chunk before this position is in a `chunk` line, or there is none. */
  z.object({ type: z.literal("slot"), endSamples: Samples }),
  /** Of a picture: where to read on after the slot that ends here, and what was sent in it and is not held. */
  z.object({ type: z.literal("picture"), track: TrackId, cursor: PictureCursor, gaps: z.array(ChunkGap) }),
  /** Learnt from another run after this one's end; what was made since hangs on it. */
  z.object({ type: z.literal("control"), control: RecordingControl }),
]);
type Line = z.infer<typeof Line>;

export type ShipLog = Disposable & {
  /** Every stored chunk, oldest first. */
  readonly rows: readonly ChunkRow[];
  /** Those of them that the api does not have in its books yet, by key. */
  readonly unanswered: ReadonlyMap<string, ChunkRow>;
  /** Everything before this is stored. */
  readonly storedSamples: number;
  readonly controls: readonly RecordingControl[];
  readonly pictures: ReadonlyMap<TrackId, { readonly cursor: PictureCursor; readonly gaps: readonly ChunkGap[] }>;
  /** Durable when it returns. */
  append(line: Line): void;
};

/** Pictures have a log of their own: their chunks come later, and what is known of sound must not wait for them. */
export const PICTURE_LOG = "picture.log";
const SHIP_LOG = "ship.log";

const NEWLINE = 10;

/** Opens a run's log; from the first line on that is none (a crash cut it short), it is cut off. */
export function openShipLog(dir: string, name = SHIP_LOG): ShipLog {
  const path = join(dir, name);
  const fd = openSync(path, "a+", 0o600);
  const bytes = readFileSync(fd);
  if (bytes.length === 0) syncDirectory(dirname(path));
  let size = 0;

  const rows: ChunkRow[] = [];
  const unanswered = new Map<string, ChunkRow>();
  const controls: RecordingControl[] = [];
  const pictures = new Map<TrackId, { cursor: PictureCursor; gaps: ChunkGap[] }>();
  let storedSamples = 0;
  const know = (line: Line): void => {
    if (line.type === "chunk") {
      rows.push(line.row);
      unanswered.set(line.row.key, line.row);
    } else if (line.type === "answered") unanswered.delete(line.key);
    else if (line.type === "slot") storedSamples = Math.max(storedSamples, line.endSamples);
    else if (line.type === "picture") {
      const gaps = [...(pictures.get(line.track)?.gaps ?? []), ...line.gaps];
      pictures.set(line.track, { cursor: line.cursor, gaps });
    } else controls.push(line.control);
  };
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, size)) {
    const line = parse(bytes.toString("utf8", size, end));
    if (!line) break;
    know(line);
    size = end + 1;
  }
  // What stands behind is done again: chunks are made again as they were, events are idempotent.
  if (size < bytes.length) ftruncateSync(fd, size);

  return {
    rows,
    unanswered,
    controls,
    pictures,
    get storedSamples() {
      return storedSamples;
    },
    append(line) {
      const added = Buffer.from(`${JSON.stringify(line)}\n`);
      try {
        if (writeSync(fd, added) !== added.length) throw new Error(`${path} took only part of a line`);
        fdatasyncSync(fd);
      } catch (thrown) {
        ftruncateSync(fd, size);
        throw thrown;
      }
      size += added.length;
      know(line);
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

function parse(text: string): Line | undefined {
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return undefined; // Cut short, or damaged.
  }
}

function syncDirectory(dir: string): void {
  const fd = openSync(dir, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
