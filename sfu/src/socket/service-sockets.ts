import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Log } from "@verbatim/hands/log";
import { boundedSockets } from "@verbatim/hands/net/bounded-socket";
import { type Audience, verifyServiceToken } from "@verbatim/hands/service-token";
import type { WebSocket } from "ws";
import { closeWith } from "./close.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";

/** What listens behind one path: one of our own processes, already known by its token. */
export type ServiceSocket = { readonly audience: Audience; readonly serve: (socket: WebSocket) => void };

/** Whole states of a full call fit many times over; our own processes are trusted, not infallible. */
const MAX_FRAME_BYTES = 1024 * 1024;
const PING_MS = 5_000;

/** Websockets of our own processes on the loopback port. Each opens with a token for its path. */
export function serveServiceSockets(options: {
  readonly server: Server;
  readonly secret: string;
  readonly log: Log;
  readonly paths: Readonly<Record<string, ServiceSocket>>;
}): { drain(): Promise<void> } {
  const { server, secret, log } = options;
  const sockets = new Set<WebSocket>();
  const alive = new WeakSet<WebSocket>();
  const acceptor = boundedSockets({ frameBytes: MAX_FRAME_BYTES });

  const accept = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const [path = ""] = (request.url ?? "").split("?");
    const service = options.paths[path];
    if (!service) return refuseUpgrade(socket, 404);
    try {
      await verifyServiceToken(secret, service.audience, request.headers.authorization);
    } catch {
      // Whatever is wrong with a token, its bearer is told only that it is.
      log.warn("service.refused", { path });
      return refuseUpgrade(socket, 401);
    }
    if (socket.destroyed) return;
    acceptor.handleUpgrade(request, socket, head, (opened) => {
      sockets.add(opened);
      alive.add(opened);
      opened.on("pong", () => alive.add(opened));
      opened.on("error", (cause) => log.info("service.socket_error", { path, reason: cause.message }));
      opened.once("close", () => sockets.delete(opened));
      service.serve(opened);
    });
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    accept(request, socket, head).catch((cause: unknown) => {
      log.error("service.accept_failed", { cause });
      socket.destroy();
    });
  };
  server.on("upgrade", onUpgrade);
  const pinging = setInterval(() => {
    for (const socket of sockets) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_MS);

  return {
    async drain() {
      clearInterval(pinging);
      server.off("upgrade", onUpgrade);
      await Promise.all(
        [...sockets].map(
          (socket) =>
            new Promise<void>((resolve) => {
              socket.once("close", () => resolve());
              closeWith(socket, "server.draining");
            }),
        ),
      );
    },
  };
}
