import { once } from "node:events";
import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { rms } from "../voice-gate.ts";
import { nameOf, readTone } from "./tone-words.ts";

type Session = { readonly audio: { readonly input: { readonly transcription: Record<string, unknown> } } };
type Sent =
  | { readonly type: "session.update"; readonly session: Session }
  | { readonly type: "input_audio_buffer.append"; readonly audio: string }
  | { readonly type: "input_audio_buffer.commit" };

export type OpenAiToneServer = AsyncDisposable & {
  /** http base, as OPENAI_BASE_URL names it. */
  readonly url: string;
  readonly opened: number;
  readonly sessions: Session[];
  /** `Authorization` and address of every handshake. */
  readonly handshakes: { readonly authorization: string | undefined; readonly url: string | undefined }[];
  /** Answered to the handshake instead of an upgrade. */
  refuse: number | undefined;
  /** Answered to the session instead of `session.updated`: an error of this code. */
  refuseSession: string | undefined;
  /** Turns after which a connection is cut off without a word about the last of them; asked for each new one. */
  dieAfterTurns: () => number;
  /** The code with which a turn fails, or undefined; asked for each turn. */
  failTurn: (words: readonly string[]) => string | undefined;
};

/** Speaks OpenAI's realtime transcription and understands tone words: exactly, and as unreliably as it is told. */
export async function startOpenAiToneServer(): Promise<OpenAiToneServer> {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  let opened = 0;
  const server: OpenAiToneServer = {
    url: "",
    get opened() {
      return opened;
    },
    sessions: [],
    handshakes: [],
    refuse: undefined,
    refuseSession: undefined,
    dieAfterTurns: () => Number.POSITIVE_INFINITY,
    failTurn: () => undefined,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await once(http.close(), "close");
    },
  };
  http.on("upgrade", (request, raw, head) => {
    server.handshakes.push({ authorization: request.headers.authorization, url: request.url });
    if (server.refuse !== undefined) {
      raw.end(`HTTP/1.1 ${server.refuse} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, raw, head, (socket) => {
      opened++;
      serve(socket, server);
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return Object.assign(server, { url: `http://127.0.0.1:${port}/v1` });
}

function serve(socket: WebSocket, server: OpenAiToneServer): void {
  let sound: Buffer[] = [];
  let items = 0;
  let left = server.dieAfterTurns();
  const say = (event: object): void => socket.send(JSON.stringify(event));
  const transcribe = (item_id: string, words: readonly string[]): void => {
    const about = "conversation.item.input_audio_transcription";
    const code = server.failTurn(words);
    if (code !== undefined) return say({ type: `${about}.failed`, item_id, error: { code } });
    for (const word of words) say({ type: `${about}.delta`, item_id, delta: `${word} ` });
    const logprobs = words.map((word) => ({ token: ` ${word}`, logprob: Math.log(0.8), bytes: [] }));
    say({ type: `${about}.completed`, item_id, transcript: words.join(" "), logprobs });
  };
  socket.on("error", () => undefined); // The close says the same.
  socket.on("message", (data) => {
    const event = JSON.parse((data as Buffer).toString("utf8")) as Sent;
    if (event.type === "session.update") {
      server.sessions.push(event.session);
      const code = server.refuseSession;
      say(code === undefined ? { type: "session.updated" } : { type: "error", error: { code, type: "invalid" } });
    }
    if (event.type === "input_audio_buffer.append") sound.push(Buffer.from(event.audio, "base64"));
    if (event.type !== "input_audio_buffer.commit") return;
    // As the real one: 100 ms of 24 kHz, 16 bit.
    const bytes = sound.reduce((sum, { length }) => sum + length, 0);
    if (bytes < 4_800) return say({ type: "error", error: { code: "input_audio_buffer_commit_empty" } });
    if (--left < 0) return socket.terminate();
    const item_id = `item_${items++}`;
    say({ type: "input_audio_buffer.committed", item_id });
    transcribe(item_id, wordsIn(at16k(Buffer.concat(sound))));
    sound = [];
  });
}

/** Every third sample left out, nearly: good enough to count a tone's crossings. */
function at16k(bytes: Buffer): Int16Array {
  const out = new Int16Array(Math.floor(bytes.length / 6) * 2);
  for (let i = 0, o = 0; o + 1 < out.length; i += 6) {
    out[o++] = bytes.readInt16LE(i);
    out[o++] = (bytes.readInt16LE(i + 2) + bytes.readInt16LE(i + 4)) / 2;
  }
  return out;
}

function wordsIn(sound: Int16Array): string[] {
  const words: string[] = [];
  let tone: Int16Array[] = [];
  for (let at = 0; at <= sound.length; at += 160) {
    const frame = sound.subarray(at, at + 160);
    if (frame.length === 160 && rms(frame) > 0.02) {
      tone.push(frame);
      continue;
    }
    const word = readTone(Int16Array.from(tone.slice(2, -2).flatMap((part) => [...part])));
    if (word !== undefined && tone.length >= 5) words.push(nameOf(word));
    tone = [];
  }
  return words;
}
