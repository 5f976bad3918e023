import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { ErrorCode } from "@verbatim/shared/errors";
import type { SeatId } from "@verbatim/shared/ids";
import type { Log } from "@verbatim/hands/log";
import { closeSocket, createRate } from "./document-socket.ts";
import { readClientFrame } from "./live-frames.ts";
import { step2Frame } from "./sync-frames.ts";
import type { LiveDocument } from "./live-document.ts";

/** Limits of one reader's socket. */
export const readerLimits = {
  frameBytes: 64 * 1024,
  /** Frames a second, and how many may come at once. */
  rate: 20,
  burst: 60,
  /** A reader this far behind is let go; it comes back with its state vector and gets what it lacks. */
  bufferedBytes: 1 << 20,
} as const;

/** The state vector of who has nothing. */
const NOTHING = Buffer.of(0);

/** One observer's or staff member's socket: it reads, and can do nothing else. */
export type LiveReader = {
  readonly seatId: SeatId;
  /** Sends a frame that is made for the wire, unless the reader has not asked for the document yet (its step 2 will hold it). */
  send(frame: Buffer): void;
  close(code: ErrorCode, why: string): void;
};

export function createLiveReader(
  socket: WebSocket,
  /** What the socket lies on. Nothing is compressed or split, so between two of its messages there is room for ours. */
  wire: Duplex,
  seatId: SeatId,
  open: () => Promise<LiveDocument>,
  /** What holds now, as a frame. */
  now: () => Uint8Array,
  log: Log,
  nowMs: () => number,
  /** They said that they have nothing yet: they are answered before they ask, and what they ask for then is on its way. */
  fromStart: boolean,
): LiveReader {
  let synced = false;
  let answering = false;
  let ahead = fromStart;
  const withinRate = createRate(readerLimits.burst, readerLimits.rate, nowMs);

  const close = (code: ErrorCode, why: string): void => closeSocket(socket, code, why);

  /** A reader this slow is not given more to hold; whatever asks for it. */
  const letGo = (): boolean => {
    if (socket.bufferedAmount <= readerLimits.bufferedBytes) return false;
    close("rate.limited", "Too far behind; reconnect.");
    return true;
  };

  const answer = async (stateVector: Uint8Array): Promise<void> => {
    // Who asks again before the answer has what came meanwhile in it: a document only grows.
    if (answering) return;
    answering = true;
    try {
      const document = await open();
      const update = await document.since(stateVector);
      if (socket.readyState !== socket.OPEN || letGo()) return;
      socket.send(step2Frame(update));
      socket.send(now());
      synced = true;
    } finally {
      answering = false;
    }
  };

  const asked = (stateVector: Uint8Array): void => {
    answer(stateVector).catch((cause: unknown) => {
      log.warn("live.step1_failed", { seatId, cause });
      close("input.invalid", "The state vector cannot be read.");
    });
  };
  if (fromStart) asked(NOTHING);

  socket.on("message", (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return; // Closed for what came before this.
    if (!withinRate(1)) return close("rate.limited", "Too many frames.");
    if (!isBinary || !Buffer.isBuffer(data)) return close("input.invalid", "Frames must be binary.");
    const frame = readClientFrame(data);
    switch (frame.type) {
      case "step1":
        if (!ahead || NOTHING.compare(frame.stateVector) !== 0) asked(frame.stateVector);
        ahead = false;
        return;
      case "write":
        log.warn("live.write_refused", { seatId });
        return close("auth.forbidden", "This document is read-only.");
      case "ignore":
        return;
      case "bad":
        return close("input.invalid", frame.why);
    }
  });
  socket.on("error", (cause) => log.info("live.socket_error", { seatId, cause }));

  return {
    seatId,
    send(frame) {
      if (!synced || socket.readyState !== socket.OPEN) return;
      if (!letGo()) wire.write(frame);
    },
    close,
  };
}
