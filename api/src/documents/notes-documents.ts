import type { WebSocket } from "ws";
import { LIVE_KEEPALIVE_MS } from "@verbatim/shared/document/live";
import { notesPath } from "@verbatim/shared/document/notes";
import type { ErrorCode } from "@verbatim/shared/errors";
import type { InterviewId, SeatId } from "@verbatim/shared/ids";
import type { NotesTicket } from "@verbatim/shared/ticket";
import type { Log } from "@verbatim/hands/log";
import type { NotesClients } from "./notes-clients.ts";
import { colorOf } from "./notes-color.ts";
import { type NotesDocument, openNotesDocument } from "./notes-document.ts";
import { presenceFrame } from "./notes-frames.ts";
import { createNotesWriter, type NotesWriter } from "./notes-writer.ts";
import { keepAliveFrame, updateFrame } from "./sync-frames.ts";
import type { DocumentAt, UpdateLog } from "./update-log.ts";

/** A document that nobody has open for this long leaves memory. */
const UNLOAD_MS = 60_000;
/** Tabs and devices of one person on one document; the oldest gives way. */
const WRITERS_PER_PERSON = 4;
const WRITERS_PER_DOCUMENT = 50;
/** Carets move together this often: a page's frames do not grow with those who write. */
const PRESENCE_MS = 100;

export type NotesDocuments = AsyncDisposable & {
  /**
   * Takes over an authenticated socket that writes under this Yjs client: one socket, one document, one person. With
   * `untilMs` (UTC), its call is over: until then it sends what it holds, and reads nothing.
   */
  serve(socket: WebSocket, ticket: NotesTicket, client: number, untilMs?: number): void;
  /** Closes the sockets of seats that read and are not among these; who came by account has no seat and stays. */
  keepWriters(interviewId: InterviewId, seats: ReadonlySet<SeatId>): void;
  /** A right was withdrawn: the seat's sockets close now. */
  closeSeat(interviewId: InterviewId, seatId: SeatId): void;
  /** An account signed out somewhere: its sockets close, and whoever is still signed in comes back. */
  closePerson(person: string): void;
};

type Entry = {
  readonly at: DocumentAt;
  readonly opening: Promise<NotesDocument>;
  readonly writers: Set<NotesWriter>;
  readonly moved: Set<NotesWriter>;
  document: NotesDocument | undefined;
  telling: NodeJS.Timeout | undefined;
  usedMs: number;
};

/** Its name among the tenant's documents, and where private, whose it is. */
export function documentOf({ interviewId, which, person }: NotesTicket): string {
  return which === "shared" ? notesPath(interviewId, which).slice(1) : `notes/${interviewId}/${person}`;
}

export function createNotesDocuments(deps: {
  readonly updates: UpdateLog;
  readonly clients: NotesClients;
  readonly log: Log;
  readonly nowMs?: () => number;
}): NotesDocuments {
  const { log } = deps;
  const nowMs = deps.nowMs ?? Date.now;
  const entries = new Map<string, Entry>();

  /** Single flight: the map holds the promise, so that two sockets never load two copies. */
  const entryOf = (ticket: NotesTicket): Entry => {
    const { tenantId, interviewId } = ticket;
    const at = { tenantId, interviewId, document: documentOf(ticket) };
    const key = `${tenantId}/${at.document}`;
    const existing = entries.get(key);
    if (existing) return existing;
    const writers = new Set<NotesWriter>();
    const announce = (update: Uint8Array): void => {
      const frame = updateFrame(update);
      for (const writer of writers) writer.send(frame);
    };
    const entry: Entry = {
      at,
      opening: openNotesDocument(at, deps, announce),
      writers,
      moved: new Set(),
      document: undefined,
      telling: undefined,
      usedMs: nowMs(),
    };
    entries.set(key, entry);
    entry.opening.then(
      (document) => {
        entry.document = document;
      },
      (cause: unknown) => {
        // Never an empty document in place of one that could not be loaded: whoever asked comes again.
        log.error("notes.load_failed", { interviewId, cause });
        entries.delete(key);
        for (const writer of writers) writer.close("internal", "The notes cannot be loaded now.");
      },
    );
    return entry;
  };

  const tellPresence = (entry: Entry): void => {
    entry.telling ??= setTimeout(() => {
      entry.telling = undefined;
      const all = [...entry.moved].map(({ presence }) => presence).filter((each) => each !== undefined);
      entry.moved.clear();
      if (all.length === 0) return;
      const frame = presenceFrame(all);
      for (const writer of entry.writers) writer.send(frame);
    }, PRESENCE_MS);
  };

  const leave = (entry: Entry, writer: NotesWriter): void => {
    entry.writers.delete(writer);
    entry.moved.delete(writer);
    entry.usedMs = nowMs();
    const { presence } = writer;
    // Somebody who came back under the same client is still there.
    if (!presence || [...entry.writers].some(({ client }) => client === writer.client)) return;
    const gone = presenceFrame([{ client: writer.client, clock: presence.clock + 1 }]);
    for (const other of entry.writers) other.send(gone);
  };

  const keepAlive = setInterval(() => {
    for (const [key, entry] of entries) {
      for (const writer of entry.writers) {
        writer.send(keepAliveFrame);
        if (nowMs() > (writer.untilMs ?? Infinity)) writer.close("interview.over", "This interview is over.");
      }
      const unused = entry.writers.size === 0 && nowMs() - entry.usedMs > UNLOAD_MS;
      if (!unused || !entry.document?.idle) continue;
      entries.delete(key);
      entry.document.close().catch((cause: unknown) => log.error("notes.close_failed", { cause }));
    }
  }, LIVE_KEEPALIVE_MS * 0.8);
  keepAlive.unref();

  const closeWhere = (which: (entry: Entry, writer: NotesWriter) => boolean, code: ErrorCode, why: string): void => {
    for (const entry of entries.values()) {
      for (const writer of entry.writers) if (which(entry, writer)) writer.close(code, why);
    }
  };

  return {
    serve(socket, ticket, client, untilMs) {
      const entry = entryOf(ticket);
      const { person, seatId, name } = ticket;
      const user = { name, color: colorOf(person), seatId };
      const writer = createNotesWriter(
        socket,
        { person, seatId, client, user, untilMs },
        {
          open: () => entry.opening,
          onSynced: (synced) => {
            const others = [...entry.writers].map(({ presence }) => presence).filter((each) => each !== undefined);
            if (others.length > 0) synced.send(presenceFrame(others));
          },
          onPresence: (moved) => {
            entry.moved.add(moved);
            tellPresence(entry);
          },
          log,
          nowMs,
        },
      );
      if (entry.writers.size >= WRITERS_PER_DOCUMENT)
        return writer.close("rate.limited", "Too many have these notes open.");
      const same = [...entry.writers].filter((each) => each.person === person);
      // A page that lost its network comes back under its client before the old socket is known to be gone.
      for (const old of same) if (old.client === client) old.close("seat.taken_over", "Opened again.");
      if (same.length >= WRITERS_PER_PERSON) same[0]?.close("seat.taken_over", "Opened in another tab.");
      entry.writers.add(writer);
      socket.on("close", () => leave(entry, writer));
    },
    keepWriters(interviewId, seats) {
      closeWhere(
        ({ at }, { seatId, untilMs }) =>
          at.interviewId === interviewId && seatId !== null && untilMs === undefined && !seats.has(seatId),
        "call.absent",
        "These notes are for those in the call.",
      );
    },
    closeSeat(interviewId, removed) {
      closeWhere(
        ({ at }, { seatId }) => at.interviewId === interviewId && seatId === removed,
        "seat.removed",
        "This seat was removed.",
      );
    },
    closePerson(person) {
      closeWhere((_, writer) => writer.person === person, "auth.required", "Signed out.");
    },
    async [Symbol.asyncDispose]() {
      clearInterval(keepAlive);
      const all = [...entries.values()];
      entries.clear();
      for (const entry of all) {
        clearTimeout(entry.telling);
        for (const writer of entry.writers) writer.close("server.draining", "The server is restarting.");
        await entry.opening.then(
          (document) => document.close(),
          () => undefined, // It was never loaded: nothing to close, and the failure is in the log.
        );
      }
    },
  };
}
