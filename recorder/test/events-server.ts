import { once } from "node:events";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { type RecorderEvent, RecorderMessage } from "@verbatim/shared/events/protocol";
import { verifyServiceToken } from "@verbatim/hands/service-token";

export const SERVICE_SECRET = "x".repeat(32);

export type EventsServer = AsyncDisposable & {
  readonly url: string;
  readonly events: RecorderEvent[];
  readonly chunks: Extract<RecorderEvent, { type: "chunk-stored" }>["chunk"][];
  readonly alive: Extract<RecorderEvent, { type: "run-alive" }>[];
};

/** Stands for the api's /events: takes what the words allow and answers ok. */
export async function startEventsServer(port = 0): Promise<EventsServer> {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const events: RecorderEvent[] = [];
  http.on("upgrade", async (request, raw, head) => {
    await verifyServiceToken(SERVICE_SECRET, "events", request.headers.authorization);
    sockets.handleUpgrade(request, raw, head, (socket) => {
      socket.on("message", (data) => {
        const message = RecorderMessage.parse(JSON.parse(String(data as Buffer)));
        if (message.type === "event") events.push(message.event);
        socket.send(JSON.stringify({ type: "ok", id: message.id }));
      });
    });
  });
  http.listen(port, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  return {
    url: `ws://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    events,
    get chunks() {
      return events.flatMap((event) => (event.type === "chunk-stored" ? [event.chunk] : []));
    },
    get alive() {
      return events.flatMap((event) => (event.type === "run-alive" ? [event] : []));
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await once(http.close(), "close");
    },
  };
}
