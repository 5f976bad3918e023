import * as Y from "yjs";
import type { Log } from "@verbatim/hands/log";
import { keepTrying } from "./keep-trying.ts";
import { createLiveWriter, type LiveWriter, segmentIds } from "./live-writer.ts";
import type { Pace } from "./pace.ts";
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

type Waiting = { readonly change: Change; readonly done: PromiseWithResolvers<void> };

/**
 * Loads a document and writes on under a new clientID. It is never rebuilt from events while a reader
 * may hold the old copy: its segments would double.
 *
 * One round at a time: apply what waits, store it, then announce it. Nothing is applied while a round is
 * being stored, so between rounds the document is exactly what is stored, and that is when readers are answered.
 * A reader therefore never holds an update that a crash could take back (later ones would hang pending in it).
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

  let waiting: Waiting[] = [];
  let readers: (() => void)[] = [];
  let round: Promise<void> | undefined;
  let closed = false;

  /** While the database is away, the update and everything behind it are kept. A repeated update is a no-op in Yjs. */
  const store = (update: Uint8Array): Promise<void> =>
    keepTrying(
      () => updates.append(at, update),
      (cause, retryMs) => log.warn("live.store_failed", { interviewId: at.interviewId, cause, retryMs }),
    );

  const answerReaders = (): void => {
    const now = readers;
    readers = [];
    for (const read of now) read();
  };

  let made: Uint8Array | undefined;
  doc.on("update", (update: Uint8Array) => void (made = update));

  /** One update that holds all of them; undefined when nothing changed. */
  const apply = (batch: readonly Waiting[], failed: Map<Waiting, unknown>): Uint8Array | undefined => {
    made = undefined;
    doc.transact(() => {
      for (const each of batch) {
        try {
          each.change(writer);
        } catch (cause) {
          failed.set(each, cause);
        }
      }
    });
    return made;
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await pace();
      const batch = waiting;
      waiting = [];
      const failed = new Map<Waiting, unknown>();
      const update = apply(batch, failed);
      if (update) {
        await store(update);
        announce(update);
      }
      for (const each of batch) {
        if (failed.has(each)) each.done.reject(failed.get(each));
        else each.done.resolve();
      }
      answerReaders();
    }
  };

  const begin = (): void => {
    round ??= run().finally(() => {
      round = undefined;
      answerReaders();
      // A write made by whoever waited for the last round came before this line: it still needs its own.
      if (waiting.length > 0) begin();
    });
  };

  return {
    write(change) {
      if (closed) return Promise.reject(new Error("The live document is closed."));
      const done = Promise.withResolvers<void>();
      waiting.push({ change, done });
      begin();
      return done.promise;
    },
    since(stateVector) {
      const answer = Promise.withResolvers<Uint8Array>();
      const read = (): void => {
        try {
          answer.resolve(Y.encodeStateAsUpdate(doc, stateVector));
        } catch (cause) {
          answer.reject(cause);
        }
      };
      if (round) readers.push(read);
      else read();
      return answer.promise;
    },
    get idle() {
      return round === undefined && waiting.length === 0;
    },
    async close() {
      closed = true;
      while (round) await round;
      doc.destroy();
    },
  };
}
