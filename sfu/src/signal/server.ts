import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Log } from "@verbatim/hands/log";
import { boundedSockets } from "@verbatim/hands/net/bounded-socket";
import type { SeatId } from "@verbatim/shared/ids";
import { signalLimits } from "@verbatim/shared/signal/protocol";
import type { WebSocket } from "ws";
import type { MediaEngine } from "../engine/engine.ts";
import type { HostClock } from "../room/clock.ts";
import type { Rooms } from "../room/rooms.ts";
import { refuseUpgrade } from "../socket/refuse-upgrade.ts";
import { type Connection, serveConnection } from "./connection.ts";
import type { Tickets } from "./ticket.ts";

export type SignalOptions = {
  readonly server: Server;
  readonly rooms: Rooms;
  readonly engine: MediaEngine;
  readonly tickets: Tickets;
  /** Where a request comes from, through our proxy too. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly origins: ReadonlySet<string>;
  readonly clock: HostClock;
  readonly log: Log;
};

export type SignalServer = {
  readonly connections: number;
  /** Says `server.draining` to everybody; resolves when all are gone. */
  drain(): Promise<void>;
};

/** A seat's own socket, its successor, and two devices at the door. */
const MAX_PER_SEAT = 4;
/** An office behind one address; beyond that it is a flood. */
const MAX_PER_ADDRESS = 256;
const MAX_IN_ALL = 4_096;
const BEAT_MS = 500;

/** Websockets at /signal on the public server; every other path and every other page's origin is refused. */
export function serveSignal(options: SignalOptions): SignalServer {
  const { server, log } = options;
  const sockets = new Map<WebSocket, Connection>();
  const perAddress = createCounter<string>();
  const perSeat = createCounter<SeatId>();
  let draining = false;
  const acceptor = boundedSockets(signalLimits);

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const [path] = (request.url ?? "").split("?");
    const address = options.addressOf(request);
    if (path !== "/signal") return refuseUpgrade(socket, 404);
    if (draining) return refuseUpgrade(socket, 503);
    if (!options.origins.has(request.headers.origin ?? "")) {
      log.warn("signal.origin_refused");
      return refuseUpgrade(socket, 403);
    }
    if (sockets.size >= MAX_IN_ALL || perAddress.count(address) >= MAX_PER_ADDRESS) return refuseUpgrade(socket, 429);
    perAddress.add(address);
    socket.once("close", () => perAddress.remove(address));
    acceptor.handleUpgrade(request, socket, head, serve);
  };
  const serve = (socket: WebSocket): void => {
    let seat: SeatId | undefined;
    const connection = serveConnection({
      ...options,
      socket,
      countSeat(seatId) {
        if (perSeat.count(seatId) >= MAX_PER_SEAT) return false;
        seat = seatId;
        perSeat.add(seatId);
        return true;
      },
    });
    sockets.set(socket, connection);
    socket.once("close", () => {
      sockets.delete(socket);
      if (seat) perSeat.remove(seat);
    });
  };

  server.on("upgrade", onUpgrade);
  const beating = setInterval(() => {
    for (const connection of sockets.values()) connection.beat();
  }, BEAT_MS);

  return {
    get connections() {
      return sockets.size;
    },
    async drain() {
      draining = true;
      clearInterval(beating);
      const gone = [...sockets].map(
        ([socket, connection]) =>
          new Promise<void>((resolve) => {
            socket.once("close", () => resolve());
            connection.close("server.draining");
          }),
      );
      await Promise.all(gone);
      server.off("upgrade", onUpgrade);
    },
  };
}

function createCounter<Key>() {
  const counts = new Map<Key, number>();
  return {
    count: (key: Key): number => counts.get(key) ?? 0,
    add(key: Key): void {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    remove(key: Key): void {
      const left = (counts.get(key) ?? 0) - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
    },
  };
}
