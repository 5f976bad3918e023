import * as Y from "yjs";
import type { Log } from "@verbatim/hands/log";
import { keepTrying } from "./keep-trying.ts";
import { createLiveWriter, type LiveWriter, segmentIds } from "./live-writer.ts";
import type { Pace } from "./pace.ts";
import { createRounds } from "./rounds.ts";
import type { DocumentAt, UpdateLog } from "./update-log.ts";

/** Stored as many small updates; folded into one at loading when there are more. */
const COMPACT_ABOVE = 500;

export type Change = (live: LiveWriter) => void;

/** One open live document: the only copy that is written. */
export type LiveDocument = {
  /** Resolves when the change is stored; from then on readers may have it. Rejects only when the document is closed. */
  write(change: Change): Promise<void>;
  /** Everything stored that a reader with this state vector lacks. Rejects on a vector that cannot be decoded. */
  since(stateVector: Uint8Array): Promise<Uint8Array>;
  /** Nothing waits to be written or read. */
  readonly idle: boolean;
  /** Waits for what was written, then lets go. */
  close(): Promise<void>;
};

/**
 * Loads a document and writes on under a new clientID. It is never rebuilt from events while a reader
 * may hold the old copy: its segments would double.
 */
export async function openLiveDocument(
  at: DocumentAt,
  updates: UpdateLog,
  announce: (update: Uint8Array) => void,
  pace: Pace,
  log: Log,
): Promise<LiveDocument> {
  const doc = new Y.Doc();
  const stored = await updates.load(at);
  for (const update of stored) Y.applyUpdate(doc, update);
  if (stored.length > COMPACT_ABOVE) await updates.compact(at);
  const writer = createLiveWriter(doc, segmentIds(doc));
  let closed = false;
  let made: Uint8Array | undefined;
  doc.on("update", (update: Uint8Array) => void (made = update));

  const rounds = createRounds<Change, void>({
    pace,
    apply(round) {
      made = undefined;
      doc.transact(() => {
        for (const [change, refuse] of round) {
          try {
            change(writer);
          } catch (cause) {
            refuse(cause);
          }
        }
      });
      return made;
    },
    /** While the database is away, the update and everything behind it are kept. A repeated update is a no-op in Yjs. */
    store: (update) =>
      keepTrying(
        () => updates.append(at, update),
        (cause, retryMs) => log.warn("live.store_failed", { interviewId: at.interviewId, cause, retryMs }),
      ),
    announce,
    stored: () => undefined,
  });

  return {
    write: (change) => (closed ? Promise.reject(new Error("The live document is closed.")) : rounds.add(change)),
    since: (stateVector) => rounds.read(() => Y.encodeStateAsUpdate(doc, stateVector)),
    get idle() {
      return rounds.idle;
    },
    async close() {
      closed = true;
      await rounds.end();
      doc.destroy();
    },
  };
}
