import { once } from "node:events";
import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { tellResults } from "./tone-results.ts";
import { mayAskTurns, tellTurns } from "./tone-turns.ts";

export type ToneServer = AsyncDisposable & {
  readonly url: string;
  /** Streams opened so far. */
  readonly opened: number;
  /** Seconds of audio after which a stream is cut off without a word; asked for each new stream. */
  dieAfterS: () => number;
  /** The code it is closed with; undefined: none, the connection is lost. */
  closesWith: () => number | undefined;
  /** Answered to the handshake instead of an upgrade. */
  refuse: number | undefined;
  /** Of turns: whether words have times, in which streams the model is sure where one ends, and whether pauses end them. */
  turns: { timed: boolean; sure: (stream: number) => boolean; pauses: boolean };
  /** Queries of every handshake. */
  readonly queries: URLSearchParams[];
  dropAll(): void;
};

/** Speaks Deepgram's live protocols and understands tone words: exactly, at once, and as unreliably as it is told. */
export async function startToneServer(): Promise<ToneServer> {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  let opened = 0;
  const server: ToneServer = {
    url: "",
    get opened() {
      return opened;
    },
    dieAfterS: () => Number.POSITIVE_INFINITY,
    closesWith: () => undefined,
    refuse: undefined,
    turns: { timed: true, sure: (stream) => stream % 2 === 1, pauses: true },
    queries: [],
    dropAll() {
      for (const socket of sockets.clients) socket.terminate();
    },
    async [Symbol.asyncDispose]() {
      server.dropAll();
      http.closeAllConnections();
      await once(http.close(), "close");
    },
  };
  http.on("upgrade", (request, raw, head) => {
    const { pathname, searchParams: query } = new URL(request.url ?? "", "http://x");
    server.queries.push(query);
    const inTurns = pathname === "/v2/listen";
    const refuse = server.refuse ?? (inTurns === mayAskTurns(query) ? undefined : 400);
    if (refuse !== undefined) {
      raw.end(`HTTP/1.1 ${refuse} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, raw, head, (socket) => {
      opened++;
      socket.on("error", () => undefined); // The close says the same.
      const dies = dyingAfter(socket, server.dieAfterS(), server.closesWith);
      if (inTurns) tellTurns(socket, opened, { query, ...server.turns, dies });
      else tellResults(socket, opened, dies);
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  return Object.assign(server, { url: `ws://127.0.0.1:${typeof address === "object" && address ? address.port : 0}` });
}

function dyingAfter(socket: WebSocket, seconds: number, closesWith: ToneServer["closesWith"]) {
  return (second: number): boolean => {
    if (second < seconds) return false;
    const code = closesWith();
    if (code === undefined) socket.terminate();
    else socket.close(code === 1005 ? undefined : code);
    return true;
  };
}
