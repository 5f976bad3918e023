import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@verbatim/hands/log";
import { startOps } from "@verbatim/hands/ops";
import { WebSocketServer } from "ws";
import { readListenQuery } from "./listen-query.ts";
import { runListenSession } from "./listen-session.ts";
import type { Recogniser } from "./recogniser.ts";

/** Half a minute of audio: more than any client sends at once, little enough to hold. */
const MOST_FRAME_BYTES = 1 << 20;

/** A client that does not answer the close within this time is cut off. */
const GOODBYE_MS = 500;

export type ListenLimits = { readonly streams: number; readonly silenceLimitMs: number };
export type ListenServer = AsyncDisposable & { readonly port: number };

/** `/v1/listen` after Deepgram's live protocol, with `/healthz` and `/readyz`, on loopback. */
export async function startListenServer(options: {
  readonly port: number;
  readonly recogniser: Recogniser;
  readonly limits: ListenLimits;
  readonly log: Log;
}): Promise<ListenServer> {
  const { recogniser, limits, log } = options;
  const ops = await startOps({ port: options.port, log, ready: () => recogniser.ready() });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_FRAME_BYTES, perMessageDeflate: false });

  ops.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy()); // A client that left during its upgrade.
    const requestId = randomUUID();
    const url = URL.parse(request.url ?? "/", "http://127.0.0.1");
    const refuse = (status: number, code: string, message: string): void => {
      log.info("stream.refused", { requestId, status, code });
      refuseUpgrade(socket, { status, code, message, requestId });
    };
    if (url?.pathname !== "/v1/listen") return refuse(404, "NOT_FOUND", "Only /v1/listen is served here.");
    // Any web page may try to reach loopback; a browser always says where it comes from, our own client never does.
    if (request.headers.origin !== undefined) return refuse(403, "FORBIDDEN", "Not for web pages.");
    const query = readListenQuery(url.searchParams);
    if (!query.ok) return refuse(400, "INVALID_QUERY_PARAMETER", query.fault);
    if (sockets.clients.size >= limits.streams) return refuse(429, "TOO_MANY_REQUESTS", "Too many streams at once.");
    if (!recogniser.ready()) return refuse(503, "SERVICE_UNAVAILABLE", "The recogniser is being started again.");
    sockets.handleUpgrade(request, socket, head, (client) => {
      const recogniserSocket = recogniser.open();
      runListenSession({
        socket: client,
        recogniser: recogniserSocket,
        options: query.options,
        requestId,
        silenceLimitMs: limits.silenceLimitMs,
        now: () => new Date(),
        log,
      });
    });
  });

  return {
    port: ops.port,
    async [Symbol.asyncDispose]() {
      const clients = [...sockets.clients];
      const gone = Promise.all(clients.map((client) => once(client, "close")));
      for (const client of clients) client.close(1012, "The speech server is being restarted.");
      await Promise.race([gone, delay(GOODBYE_MS)]);
      for (const client of clients) client.terminate();
      sockets.close();
      await ops[Symbol.asyncDispose]();
    },
  };
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

/** Deepgram refuses before the upgrade, with the reason in `dg-error` and in a JSON body. */
function refuseUpgrade(
  socket: Duplex,
  refusal: { readonly status: number; readonly code: string; readonly message: string; readonly requestId: string },
): void {
  const { status, code, message, requestId } = refusal;
  const body = JSON.stringify({ err_code: code, err_msg: message, request_id: requestId });
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Refused"}`,
    "connection: close",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    `dg-request-id: ${requestId}`,
    // Our own sentences quote no input, so the header holds no line break.
    `dg-error: ${message}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
