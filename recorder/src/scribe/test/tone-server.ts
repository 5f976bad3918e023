import { once } from "node:events";
import { createServer } from "node:http";
import { MIX_RATE } from "@verbatim/shared/clock";
import { type WebSocket, WebSocketServer } from "ws";
import { rms } from "../voice-gate.ts";
import { nameOf, readTone } from "./tone-words.ts";

const FRAME = MIX_RATE / 100;
/** Every other stream ends a segment at each word: heard again, the same sound is cut differently, as engines do. */
const ENDPOINT_FRAMES = [30, 6] as const;
const INTERIM_FRAMES = 20;

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
  /** Queries of every handshake. */
  readonly queries: URLSearchParams[];
  dropAll(): void;
};

/** Speaks Deepgram's live protocol and understands tone words: exactly, at once, and as unreliably as it is told. */
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
    server.queries.push(new URL(request.url ?? "", "http://x").searchParams);
    if (server.refuse !== undefined) {
      raw.end(`HTTP/1.1 ${server.refuse} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, raw, head, (socket) => {
      opened++;
      recognise(socket, server.dieAfterS(), server.closesWith, ENDPOINT_FRAMES[opened % 2 === 1 ? 0 : 1]);
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  return Object.assign(server, { url: `ws://127.0.0.1:${typeof address === "object" && address ? address.port : 0}` });
}

type Heard = { readonly word: string; readonly start: number; readonly end: number };

function recognise(
  socket: WebSocket,
  dieAfterS: number,
  closesWith: ToneServer["closesWith"],
  endpointFrames: number,
): void {
  let rest = Buffer.alloc(0);
  let frames = 0;
  let quiet = 0;
  let finalTo = 0;
  let toneFrom: number | undefined;
  let tone: Int16Array[] = [];
  let words: Heard[] = [];
  const seconds = (frame: number): number => frame / 100;

  const tell = (isFinal: boolean): void => {
    socket.send(
      JSON.stringify({
        type: "Results",
        channel_index: [0, 1],
        start: seconds(finalTo),
        duration: seconds(frames - finalTo),
        is_final: isFinal,
        channel: {
          alternatives: [{ words: words.map((each) => ({ ...each, punctuated_word: each.word, confidence: 0.9 })) }],
        },
      }),
    );
    if (!isFinal) return;
    finalTo = frames;
    words = [];
  };

  const endTone = (): void => {
    if (toneFrom === undefined) return;
    // Without its edges, which belong to no tone.
    const whole = Int16Array.from(tone.slice(2, -2).flatMap((part) => [...part]));
    const word = readTone(whole);
    if (word !== undefined && tone.length >= 5) {
      words.push({ word: nameOf(word), start: seconds(toneFrom), end: seconds(toneFrom + tone.length) });
    }
    toneFrom = undefined;
    tone = [];
  };

  const hear = (frame: Int16Array): void => {
    const loud = rms(frame) > 0.02;
    if (loud) {
      toneFrom ??= frames;
      tone.push(frame);
      quiet = 0;
    } else {
      endTone();
      quiet++;
    }
    frames++;
    if (quiet === endpointFrames && words.length > 0) tell(true);
    else if (frames - finalTo >= 300 && toneFrom === undefined && words.length === 0) tell(true);
    else if (words.length > 0 && frames % INTERIM_FRAMES === 0) tell(false);
  };

  socket.on("message", (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    const bytes = data as Buffer;
    if (!isBinary) {
      const { type } = JSON.parse(String(bytes)) as { type: string };
      if (type === "KeepAlive") return;
      endTone();
      tell(true);
      if (type === "CloseStream") {
        socket.send(JSON.stringify({ type: "Metadata" }));
        socket.close(1000);
      }
      return;
    }
    rest = Buffer.concat([rest, bytes]);
    for (; rest.length >= FRAME * 2; rest = rest.subarray(FRAME * 2)) {
      const frame = new Int16Array(rest.buffer.slice(rest.byteOffset, rest.byteOffset + FRAME * 2));
      hear(frame);
      if (seconds(frames) >= dieAfterS) {
        const code = closesWith();
        if (code === undefined) socket.terminate();
        else socket.close(code === 1005 ? undefined : code);
        return;
      }
    }
  });
  socket.on("error", () => undefined); // The close says the same.
}
