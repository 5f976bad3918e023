import { randomUUID } from "node:crypto";
import type { Log } from "@verbatim/hands/log";
import { DomainError, type ErrorCode, toDomainError } from "@verbatim/shared/errors";
import type { SeatId } from "@verbatim/shared/ids";
import {
  ClientMessage,
  negotiate,
  type ServerMessage,
  seatTimes,
  signalLimits,
  signalProtocol,
} from "@verbatim/shared/signal/protocol";
import type { WebSocket } from "ws";
import type { MediaEngine } from "../engine/engine.ts";
import type { HostClock } from "../room/clock.ts";
import type { Rooms } from "../room/rooms.ts";
import { createBucket } from "../socket/bucket.ts";
import { closeSocket, closeWith } from "../socket/close.ts";
import { readFrame } from "../socket/frame.ts";
import { answer, type Guest } from "./handlers.ts";
import { createProbeDesk } from "./probe.ts";
import type { Tickets } from "./ticket.ts";

export type ConnectionOptions = {
  readonly socket: WebSocket;
  readonly rooms: Rooms;
  readonly engine: MediaEngine;
  readonly tickets: Tickets;
  readonly clock: HostClock;
  readonly log: Log;
  /** Counts the seat's sockets; false when it has too many. */
  readonly countSeat: (seatId: SeatId) => boolean;
};

export type Connection = {
  /** Called twice per second: asks for a sign of life, notices silence, ends what is dead. */
  beat(): void;
  close(code: ErrorCode): void;
};

/** A reader so slow that this much waits for it is cut off; it comes back with a fresh state. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** Levels are worth nothing late. */
const MAX_BUFFERED_FOR_LEVELS = 32 * 1024;
/** Requests wait for the one before; a browser never has this many under way. */
const MAX_QUEUED = 64;

/**
 * What is received is arranged while what is sent still is: of two people who join, each hears the other sooner by what
 * the media server takes for a producer. Nothing here leans on an answer that is still to come.
 */
const AT_ONCE: ReadonlySet<ClientMessage["type"]> = new Set(["connect-transport", "resume-consumer", "prefer-layers"]);

/** One browser's socket, from its hello on. Requests are done one after another, in order, but for those `AT_ONCE`. */
export function serveConnection(options: ConnectionOptions): Connection {
  const { socket, rooms, engine, tickets, clock } = options;
  const id = randomUUID();
  let log = options.log.with({ connection: id });
  let guest: Guest | undefined;
  let closed = false;
  let queue = Promise.resolve();
  let queued = 0;
  let heardUs = clock.us();
  let silent = false;
  const bucket = createBucket(signalLimits.messagesPerSecond, heardUs);

  const close = (code: ErrorCode): void => closeWith(socket, code);
  const send = (message: ServerMessage): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (message.type === "levels" && socket.bufferedAmount > MAX_BUFFERED_FOR_LEVELS) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      log.warn("signal.slow_reader", { bufferedBytes: socket.bufferedAmount });
      return socket.terminate();
    }
    socket.send(JSON.stringify(message));
  };

  const hello = setTimeout(() => close("auth.required"), signalLimits.helloMs);

  const enter = async (message: Extract<ClientMessage, { type: "hello" }>): Promise<void> => {
    clearTimeout(hello);
    const protocol = negotiate(message.protocol, signalProtocol);
    if (protocol === undefined) throw new DomainError("protocol.unsupported", "Please reload the page.");
    const ticket = await tickets.redeem(message.ticket);
    if (ticket.aud === "document") throw new DomainError("auth.required", "This ticket is for documents.");
    const { seatId, role, interviewId } = ticket;
    log = log.with({ interviewId, seatId });
    if (!options.countSeat(seatId)) throw new DomainError("rate.limited", "Too many connections for this seat.");
    if (ticket.aud === "probe") {
      guest = { type: "probe", desk: createProbeDesk(engine) };
      const welcome = { protocol, seatId, role, phase: "probe" as const, session: null, room: null };
      const routerRtpCapabilities = await engine.rtpCapabilities();
      return send({ type: "ok", id: message.id, welcome: { ...welcome, routerRtpCapabilities } });
    }
    const room = rooms.open(ticket.tenantId, interviewId);
    const membership = await room.enter(ticket, { id, send, close, rtpCapabilities: message.rtpCapabilities });
    guest = { type: "call", membership };
    const phase = membership.phase === "in" ? "in" : "waiting";
    send({ type: "ok", id: message.id, welcome: { protocol, seatId, role, phase, ...membership.welcome } });
    membership.welcomed();
    log.info("signal.joined", { role, phase });
    if (closed) leaveBehind();
  };

  const leaveBehind = (): void => {
    if (guest?.type === "call") guest.membership.lost();
    if (guest?.type === "probe") guest.desk.close();
  };

  const respond = async (message: ClientMessage): Promise<void> => {
    if (closed) return;
    if (!guest) {
      try {
        if (message.type !== "hello") throw new DomainError("auth.required", "Say hello first.");
        return await enter(message);
      } catch (thrown) {
        // A refused hello is a close code, never a message.
        const refusal = toDomainError(thrown);
        const fields = { code: refusal.code, cause: refusal.cause };
        if (refusal.code === "internal") log.error("signal.hello_failed", fields);
        else log.info("signal.hello_refused", { code: refusal.code });
        return close(refusal.code);
      }
    }
    try {
      const answered = await answer(guest, message);
      send({ type: "ok", id: message.id, ...answered });
      if (message.type === "leave") closeSocket(socket, 1000, "left");
    } catch (thrown) {
      const failure = toDomainError(thrown);
      if (failure.code === "internal") log.error("signal.failed", { request: message.type, cause: failure.cause });
      send({ type: "error", id: message.id, code: failure.code, message: failure.message });
    }
  };

  const heard = (): void => {
    heardUs = clock.us();
    if (!silent) return;
    silent = false;
    if (guest?.type === "call") guest.membership.heard();
  };

  socket.on("message", (data, isBinary) => {
    heard();
    const bytes = data as Buffer; // `binaryType` is left at "nodebuffer".
    if (!bucket.take(heardUs) || queued >= MAX_QUEUED) return close("rate.limited");
    const frame = readFrame(ClientMessage, bytes, isBinary);
    if (frame.type === "garbage" || (frame.type === "refused" && !guest)) {
      log.info("signal.bad_frame", { reason: frame.reason });
      return close("input.invalid");
    }
    if (frame.type === "refused") {
      return send({ type: "error", id: frame.id, code: "input.invalid", message: frame.reason });
    }
    queued++;
    const { message } = frame;
    const done = guest && AT_ONCE.has(message.type) ? respond(message) : queue.then(() => respond(message));
    if (!AT_ONCE.has(message.type)) queue = done;
    void done.finally(() => queued--);
  });
  socket.on("pong", heard);
  socket.on("error", (cause) => log.info("signal.socket_error", { reason: cause.message }));
  socket.on("close", (code) => {
    closed = true;
    clearTimeout(hello);
    log.debug("signal.closed", { code });
    leaveBehind();
  });

  return {
    close,
    beat() {
      if (socket.readyState !== socket.OPEN) return;
      const unheardMs = (clock.us() - heardUs) / 1_000;
      if (unheardMs >= signalLimits.idleMs) {
        // Nobody reads a close frame on a dead path; a page that was asleep takes this as a lost network.
        log.info("signal.idle", { unheardMs });
        return closeSocket(socket, 1001, "idle");
      }
      if (unheardMs >= seatTimes.awayMs && !silent) {
        silent = true;
        if (guest?.type === "call") guest.membership.silent(heardUs);
      }
      socket.ping();
    },
  };
}
