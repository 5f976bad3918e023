import { open, readFile, rename } from "node:fs/promises";
import { RecorderEvent } from "@verbatim/shared/events/protocol";
import { Samples } from "@verbatim/shared/clock";
import { z } from "zod";

export const CURSOR_FILE = "scribe.json";
export const DONE_FILE = "scribe.done";

const TrackCursor = z.object({
  /** Byte in the track's log to read from. Sound before `doneSamples` is read again for comparing, and not sent. */
  offset: z.int().min(0),
  muted: z.boolean(),
  /** Up to here everything was said in final words that were answered or are pending. */
  doneSamples: Samples,
});
export type TrackCursor = z.infer<typeof TrackCursor>;

/** Where the scribe goes on after its death. Events were written here before they were sent: they are sent again as they were. */
export const Cursor = z.object({
  version: z.literal(1),
  tracks: z.record(z.string(), TrackCursor),
  pending: z.array(RecorderEvent),
});
export type Cursor = z.infer<typeof Cursor>;

export const freshCursor: Cursor = { version: 1, tracks: {}, pending: [] };

/** A cursor that is missing or damaged is a fresh one: everything is heard again, and doubled events are no-ops. */
export async function readCursor(file: string): Promise<Cursor> {
  try {
    return Cursor.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return freshCursor; // None yet, or torn by a disk fault.
  }
}

/** Durable when it resolves; a crash leaves the old one or the new one. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const draft = `${file}.draft`;
  const handle = await open(draft, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/** Keeps the newest cursor on disk; writes that come while one is under way become one. */
export function createCursorFile(file: string): { save(cursor: Cursor): Promise<void> } {
  let next: { cursor: Cursor; waiting: PromiseWithResolvers<void> } | undefined;
  let busy = false;

  const work = async (): Promise<void> => {
    busy = true;
    while (next) {
      const { cursor, waiting } = next;
      next = undefined;
      await writeDurably(file, JSON.stringify(cursor)).then(waiting.resolve, waiting.reject);
    }
    busy = false;
  };

  return {
    save(cursor) {
      const waiting = next?.waiting ?? Promise.withResolvers<void>();
      next = { cursor, waiting };
      if (!busy) void work();
      return waiting.promise;
    },
  };
}
