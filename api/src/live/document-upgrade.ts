import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { WebSocket } from "ws";
import { errorTable, toDomainError } from "@verbatim/shared/errors";
import { InterviewId } from "@verbatim/shared/ids";
import type { Log } from "@verbatim/hands/log";
import { boundedSockets } from "@verbatim/hands/net/bounded-socket";
import { readerLimits } from "../documents/live-reader.ts";
import type { Door } from "./document-doors.ts";

/** Sockets one address may have open on the documents. */
const PER_ADDRESS = 60;
/** How long a browser is given to answer that it knows of the closing. */
const CLOSE_MS = 500;

/**
 * The websockets on the public port, `?ticket=` at each: every document has its door, and all of them this one upgrade. A browser cannot read why an upgrade was
 * refused, so a bad ticket is a socket that closes with its code; another path or a foreign origin gets no socket.
 */
export function serveDocuments(options: {
  readonly server: Server;
  readonly doors: readonly Door[];
  /** Where a request comes from, through our proxy too. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly originAllowed: (origin: string | undefined, host: string | undefined) => boolean;
  readonly log: Log;
}): AsyncDisposable {
  const { log } = options;
  const sockets = boundedSockets(readerLimits);
  const perAddress = new Map<string, number>();

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const address = URL.parse(request.url ?? "/", "http://host");
    const door = options.doors.find(({ path }) => path.test(address?.pathname ?? ""));
    const interviewId = InterviewId.safeParse(door?.path.exec(address?.pathname ?? "")?.[1]);
    if (!address || !door || !interviewId.success) return refuse(socket, 404);
    if (!options.originAllowed(request.headers.origin, request.headers.host)) return refuse(socket, 403);
    const from = options.addressOf(request);
    const open = perAddress.get(from) ?? 0;
    if (open >= PER_ADDRESS) return refuse(socket, 429);
    perAddress.set(from, open + 1);
    socket.on("close", () => {
      const left = (perAddress.get(from) ?? 1) - 1;
      if (left > 0) perAddress.set(from, left);
      else perAddress.delete(from);
    });
    sockets.handleUpgrade(request, socket, head, (opened) => {
      admit(opened, socket, door, address, interviewId.data).catch((thrown: unknown) => {
        const error = toDomainError(thrown);
        if (error.code === "internal") log.error("live.admit_failed", { interviewId: interviewId.data, cause: thrown });
        // A paused socket would never read the peer's half of the closing.
        opened.resume();
        opened.close(error.spec.close, error.message.slice(0, 120));
      });
    });
  };

  const admit = async (
    socket: WebSocket,
    wire: Duplex,
    door: Door,
    address: URL,
    interviewId: InterviewId,
  ): Promise<void> => {
    // What the client says before it is known is kept, in order, and read when it is.
    socket.pause();
    socket.on("error", (cause) => log.info("live.socket_failed", { interviewId, cause: cause.message }));
    const takeOver = await door.admit(address.searchParams.get("ticket") ?? "", interviewId, address);
    takeOver(socket, wire);
    socket.resume();
  };

  options.server.on("upgrade", onUpgrade);
  return {
    async [Symbol.asyncDispose]() {
      options.server.off("upgrade", onUpgrade);
      for (const socket of sockets.clients) socket.close(errorTable["server.draining"].close);
      const asked = performance.now();
      while (sockets.clients.size > 0 && performance.now() - asked < CLOSE_MS) await delay(10);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function refuse(socket: Duplex, status: 403 | 404 | 429): void {
  socket.on("error", () => undefined); // The peer went away before it heard the answer.
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
