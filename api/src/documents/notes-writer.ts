import type { WebSocket } from "ws";
import { type NotesUser, notesLimits } from "@verbatim/shared/document/notes";
import { DomainError, type ErrorCode, toDomainError } from "@verbatim/shared/errors";
import type { SeatId } from "@verbatim/shared/ids";
import type { Log } from "@verbatim/hands/log";
import { closeSocket, createRate } from "./document-socket.ts";
import { type NotesDocument, Withheld } from "./notes-document.ts";
import { type Presence, readWriterFrame, storedFrame } from "./notes-frames.ts";
import { EMPTY_UPDATE, step1Frame, step2Frame } from "./sync-frames.ts";

/** A page this far behind is let go; it comes back with its state vector and gets what it lacks. */
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;
/** Of a page that holds nothing. */
const EMPTY_VECTOR = Uint8Array.of(0);

/** Who a socket is, fixed at its upgrade. */
export type Writer = {
  readonly person: string;
  readonly seatId: SeatId | null;
  readonly client: number;
  readonly user: NotesUser;
  /** Its call is over: it sends what it holds until then (UTC ms), reads nothing, and is shown to nobody. */
  readonly untilMs: number | undefined;
};

/** One socket that reads and writes one document of notes as one person. */
export type NotesWriter = Writer & {
  /** What the others are shown of it; undefined before it has said anything. */
  readonly presence: Presence | undefined;
  /** Sends a frame, unless the page has not asked for the document yet. */
  send(frame: Uint8Array): void;
  close(code: ErrorCode, why: string): void;
};

export function createNotesWriter(
  socket: WebSocket,
  who: Writer,
  deps: {
    readonly open: () => Promise<NotesDocument>;
    /** It has asked for the document: who is there may be told to it, too. */
    readonly onSynced: (writer: NotesWriter) => void;
    readonly onPresence: (writer: NotesWriter) => void;
    readonly log: Log;
    readonly nowMs: () => number;
  },
): NotesWriter {
  const { open, log, nowMs } = deps;
  const frames = createRate(notesLimits.burst, notesLimits.rate, nowMs);
  const bytes = createRate(notesLimits.bytesAtOnce, notesLimits.bytesPerSecond, nowMs);
  let asked = false;
  let answered = false;
  let synced = false;
  let presence: Presence | undefined;

  const close = (code: ErrorCode, why: string): void => closeSocket(socket, code, why);
  const isOpen = (): boolean => socket.readyState === socket.OPEN;

  /** One message at a time, in order: a mark is answered when what came before it is stored. */
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = (work: (document: NotesDocument) => Promise<void>): void => {
    last = last.then(async () => {
      try {
        if (isOpen()) await work(await claimed());
      } catch (thrown) {
        const error = toDomainError(thrown);
        log.warn("notes.refused", { seatId: who.seatId, code: error.code, why: error.message });
        close(error.code, error.message);
      }
    });
  };

  let claiming: Promise<NotesDocument> | undefined;
  const claimed = (): Promise<NotesDocument> => (claiming ??= claim());
  const claim = async (): Promise<NotesDocument> => {
    const document = await open();
    if (!(await document.claim(who.client, who.person))) {
      throw new DomainError("auth.forbidden", "Another person writes under this client.");
    }
    return document;
  };

  /** Step 1 before step 2: the page has then answered ours before it believes to be in step. */
  const answer = async (document: NotesDocument, stateVector: Uint8Array): Promise<void> => {
    const sendsOnly = who.untilMs !== undefined;
    // It would take itself for one that has the document, and what its browser keeps from before for sent.
    if (sendsOnly && stateVector.every((byte) => byte === 0)) {
      throw new DomainError("interview.over", "This interview is over.");
    }
    const { update, stateVector: stored } = await document.since(stateVector).catch((cause: unknown) => {
      throw new DomainError("input.invalid", "The state vector cannot be read.", { cause });
    });
    if (!isOpen()) return;
    socket.send(step1Frame(stored));
    socket.send(step2Frame(sendsOnly ? EMPTY_UPDATE : update));
    if (synced || sendsOnly) return;
    synced = true;
    deps.onSynced(writer);
  };

  /** The last one. One that fails closes the socket, or its words come again; no mark behind it alone is answered. */
  let taking: Promise<Uint8Array> | undefined;
  const take = (update: Uint8Array, mayBeEarly: boolean): void =>
    inOrder(async (document) => {
      const taken = document.take(update, who.person);
      taking = taken;
      // Not awaited here: the next ones join the same round. Whoever waits for the mark hears of it.
      taken.catch((thrown: unknown) => {
        if (mayBeEarly && thrown instanceof Withheld) return;
        const error = toDomainError(thrown);
        log.warn("notes.update_refused", { seatId: who.seatId, code: error.code, why: error.message });
        close(error.code, error.message);
      });
    });

  const mark = (number: number): void =>
    inOrder(async (document) => {
      const stored = taking ?? document.since(EMPTY_VECTOR).then(({ stateVector }) => stateVector);
      stored.then(
        (stateVector) => isOpen() && socket.send(storedFrame(number, stateVector)),
        () => undefined, // Refused: the socket is closing, and nothing is called stored.
      );
    });

  socket.on("message", (data, isBinary) => {
    if (!isBinary || !Buffer.isBuffer(data)) return close("input.invalid", "Frames must be binary.");
    if (!frames(1) || !bytes(data.length)) return close("rate.limited", "Too much at once.");
    const frame = readWriterFrame(data, who.client);
    switch (frame.type) {
      case "step1":
        // The whole document goes out for each: once is what a page needs.
        if (asked) return close("input.invalid", "The document was sent already.");
        asked = true;
        return inOrder((document) => answer(document, frame.stateVector));
      case "update": {
        // Typed after this socket opened, before the page was asked for what an earlier one lost: its answer holds both.
        const early = asked && !answered && !frame.answers;
        answered ||= frame.answers;
        return take(frame.update, early);
      }
      case "mark":
        return mark(frame.mark);
      case "presence":
        return inOrder(async () => {
          if (who.untilMs !== undefined) return;
          if (presence && frame.caret.clock < presence.clock) return;
          presence = { ...frame.caret, client: who.client, user: who.user };
          deps.onPresence(writer);
        });
      case "ignore":
        return;
      case "bad":
        return close("input.invalid", frame.why);
    }
  });
  socket.on("error", (cause) => log.info("notes.socket_error", { seatId: who.seatId, cause }));

  const writer: NotesWriter = {
    ...who,
    get presence() {
      return presence;
    },
    send(frame) {
      if (!synced || !isOpen()) return;
      if (socket.bufferedAmount > MOST_BUFFERED_BYTES) return close("rate.limited", "Too far behind; reconnect.");
      socket.send(frame);
    },
    close,
  };
  return writer;
}
