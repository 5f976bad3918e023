import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { LIVE_KEEPALIVE_MS } from "@verbatim/shared/document/live";
import type { ErrorCode } from "@verbatim/shared/errors";
import type { InterviewId, SeatId } from "@verbatim/shared/ids";
import type { Ticket } from "@verbatim/shared/ticket";
import type { Log } from "@verbatim/hands/log";
import { type Change, type LiveDocument, openLiveDocument } from "./live-document.ts";
import { onTheWire } from "./live-frames.ts";
import { createNow, type Now } from "./live-now.ts";
import { createLiveReader, type LiveReader } from "./live-reader.ts";
import { createPace } from "./pace.ts";
import { keepAliveFrame, updateFrame } from "./sync-frames.ts";
import type { DocumentAt, UpdateLog } from "./update-log.ts";

type At = Pick<DocumentAt, "tenantId" | "interviewId">;

/**
 * How often documents are stored and sent, at most; a document's changes within this time are one update. Beside 10 ms it
 * took a fifth off what a delivery costs when forty interviews were written to (n = 2).
 */
const GROUP_MS = 20;
/** A document nobody reads or writes for this long leaves memory. */
const UNLOAD_MS = 60_000;
/** What nobody tells again for this long is not so now: unfinished words are over, or come anew, within seconds. */
const FORGET_MS = 30_000;
/** Tabs of one person on one document; the oldest gives way. */
const READERS_PER_SEAT = 3;

export type LiveDocuments = AsyncDisposable & {
  /** Changes an interview's live document; resolves when stored. */
  write(at: At, change: Change): Promise<void>;
  /** Tells its readers what holds now of something; null: it is over. Nothing of it is stored. */
  tell(at: At, about: string, value: object | null): void;
  /** A speaker's words up to here are written: tells that they are not unfinished any more. */
  finished(at: At, seatId: SeatId, endMs: number): void;
  /** Takes over an authenticated socket, and what it lies on: one socket, one document, one role, read-only. `fromStart`: its reader has nothing yet. */
  serve(socket: WebSocket, wire: Duplex, ticket: Ticket, fromStart?: boolean): void;
  /** Closes the sockets of everybody whose seat is not among these. */
  keepReaders(interviewId: InterviewId, seats: ReadonlySet<SeatId>): void;
  /** A right was withdrawn: the seat's sockets close now. */
  closeSeat(interviewId: InterviewId, seatId: SeatId, code?: ErrorCode, why?: string): void;
};

type Entry = {
  readonly at: At;
  readonly opening: Promise<LiveDocument>;
  readonly readers: Set<LiveReader>;
  readonly now: Now;
  document: LiveDocument | undefined;
  usedMs: number;
};

export function createLiveDocuments(deps: {
  readonly updates: UpdateLog;
  readonly log: Log;
  readonly nowMs?: () => number;
}): LiveDocuments {
  const nowMs = deps.nowMs ?? Date.now;
  const entries = new Map<InterviewId, Entry>();
  const pace = createPace(GROUP_MS);

  /** Single flight: the map holds the promise, so that two callers never load two copies. */
  const entryOf = (at: At): Entry => {
    const existing = entries.get(at.interviewId);
    if (existing) {
      existing.usedMs = nowMs();
      return existing;
    }
    const readers = new Set<LiveReader>();
    const announce = (update: Uint8Array): void => sendAll(readers, updateFrame(update));
    const named = { ...at, document: `live/${at.interviewId}` };
    const opening = openLiveDocument(named, deps.updates, announce, pace, deps.log);
    const entry: Entry = { at, opening, readers, now: createNow(nowMs), document: undefined, usedMs: nowMs() };
    entries.set(at.interviewId, entry);
    opening.then(
      (document) => {
        entry.document = document;
      },
      (cause: unknown) => {
        // Never serve an empty document in place of one that could not be loaded: readers come again.
        deps.log.error("live.load_failed", { interviewId: at.interviewId, cause });
        entries.delete(at.interviewId);
        for (const reader of readers) reader.close("internal", "The document cannot be loaded now.");
      },
    );
    return entry;
  };

  const unload = (entry: Entry): void => {
    entries.delete(entry.at.interviewId);
    entry.document?.close().catch((cause: unknown) => deps.log.error("live.close_failed", { cause }));
  };

  const stillHere = onTheWire(keepAliveFrame);
  const keepAlive = setInterval(() => {
    for (const entry of entries.values()) {
      sendAll(entry.readers, entry.now.forget(nowMs() - FORGET_MS));
      for (const reader of entry.readers) reader.send(stillHere);
      const unused = entry.readers.size === 0 && nowMs() - entry.usedMs > UNLOAD_MS;
      if (unused && entry.document?.idle) unload(entry);
    }
  }, LIVE_KEEPALIVE_MS * 0.8);
  keepAlive.unref();

  return {
    write(at, change) {
      const { document, opening } = entryOf(at);
      return document ? document.write(change) : opening.then((opened) => opened.write(change));
    },
    tell(at, about, value) {
      const { now, readers } = entryOf(at);
      sendAll(readers, now.say(about, value));
    },
    finished(at, seatId, endMs) {
      const { now, readers } = entryOf(at);
      sendAll(readers, now.finished(seatId, endMs));
    },
    serve(socket, wire, ticket, fromStart = false) {
      const entry = entryOf(ticket);
      const { opening, now } = entry;
      const reader = createLiveReader(socket, wire, ticket.seatId, () => opening, now.all, deps.log, nowMs, fromStart);
      const same = [...entry.readers].filter((each) => each.seatId === ticket.seatId);
      if (same.length >= READERS_PER_SEAT) same[0]?.close("seat.taken_over", "Opened in another tab.");
      entry.readers.add(reader);
      socket.on("close", () => {
        entry.readers.delete(reader);
        entry.usedMs = nowMs();
      });
    },
    keepReaders(interviewId, seats) {
      for (const reader of entries.get(interviewId)?.readers ?? []) {
        if (!seats.has(reader.seatId)) reader.close("call.absent", "This document is for those in the call.");
      }
    },
    closeSeat(interviewId, seatId, code = "seat.removed", why = "This seat was removed.") {
      for (const reader of entries.get(interviewId)?.readers ?? []) {
        if (reader.seatId === seatId) reader.close(code, why);
      }
    },
    async [Symbol.asyncDispose]() {
      clearInterval(keepAlive);
      const all = [...entries.values()];
      entries.clear();
      for (const entry of all) {
        for (const reader of entry.readers) reader.close("server.draining", "The server is restarting.");
        await entry.opening.then(
          (document) => document.close(),
          () => undefined, // It was never loaded: nothing to close, and the failure is in the log.
        );
      }
    },
  };
}

/** The frame is made once, whoever reads it. */
function sendAll(readers: ReadonlySet<LiveReader>, message: Uint8Array | undefined): void {
  if (!message || readers.size === 0) return;
  const frame = onTheWire(message);
  for (const reader of readers) reader.send(frame);
}
