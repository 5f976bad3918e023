import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import * as Y from "yjs";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { segmentId } from "@verbatim/shared/document/live";
import { packWordTimes } from "@verbatim/shared/document/word-times";
import { createEventClient } from "@verbatim/hands/event-client";
import { createLog } from "@verbatim/hands/log";
import { uuid } from "../uuid.ts";
import { type Load, type Room, said } from "./load.ts";

/** One of the servers that are compared, in a process of its own, with whoever writes to it. */
export type Side = AsyncDisposable & {
  readonly pid: number;
  url(room: Room, observer: number): string;
  /** What a reader says first. */
  hello(room: Room): Uint8Array[];
  /** New unfinished words, which carry the number. */
  write(room: Room, n: number): void;
};
export type StartSide = (databaseUrl: string, load: Load) => Promise<Side>;

/** The number of an observer who reads slowly, and whom our server watches. */
export const SLOW = 1_000;
/** That one's socket is closed: what waited for it at most, and the server's memory then. */
export type LetGo = { readonly most: number; readonly rss: number };
export type OurSide = Side & {
  /** `words`: unfinished ones, in place of what the number says. */
  write(room: Room, n: number, words?: string): void;
  /** The next time that the slow reader's socket is closed. */
  letGo(): Promise<LetGo>;
};

const STEP_1 = Uint8Array.of(0, 0, 1, 0);
export const EVENTS_SECRET = "s".repeat(40);

async function start(script: URL, databaseUrl: string): Promise<{ child: ChildProcess; ports: number[] }> {
  const child = fork(script, { env: { ...process.env, DATABASE_URL: databaseUrl } });
  const [ports] = (await once(child, "message")) as [number[]];
  return { child, ports };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** Our server keeps what the last one stored, and an utterance that is said again is a no-op: each time has its own. */
let startedOurs = 0;

/** Words come in as the recorder's events do and are answered; tickets, read-only, and what is finished in Postgres first. */
export const startOurs = async (databaseUrl: string, load: Load): Promise<OurSide> => {
  const { child, ports } = await start(new URL("our-server.ts", import.meta.url), databaseUrl);
  const stop = new AbortController();
  const fromMs = startedOurs++ * 1_000_000;
  // One scribe for twenty interviews.
  const scribes = Array.from({ length: Math.ceil(load.rooms.length / 20) }, () =>
    createEventClient({
      url: `ws://127.0.0.1:${ports[1]}`,
      secret: EVENTS_SECRET,
      from: "bench",
      log: createLog("bench", "error"),
      signal: stop.signal,
    }),
  );
  return {
    pid: child.pid ?? 0,
    url: (room, observer) =>
      `ws://127.0.0.1:${ports[0]}/live/${room.interviewId}?ticket=${encodeURIComponent(ticketOf(room, observer))}`,
    hello: () => [STEP_1],
    letGo: async () => ((await once(child, "message")) as [LetGo])[0],
    write(room: Room, n: number, words?: string) {
      const of = { ...room, recordingId: uuid(7, 0), startMs: fromMs + n };
      const { text, final } = words === undefined ? said(load, n) : { text: words, final: false };
      const event = final
        ? { ...of, type: "words-final", endMs: fromMs + n + 1_000, words: timed(text, fromMs + n) }
        : { ...of, type: "words-interim", text };
      const scribe = scribes[load.rooms.indexOf(room) % scribes.length];
      if (final)
        scribe?.send(event as unknown as RecorderEvent).catch(() => undefined); // Under way when the bench had ended.
      else scribe?.sendLatest(room.seatId, event as unknown as RecorderEvent);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await end(child);
    },
  };
};

/** What the bench's server takes for a redeemed ticket. */
export const ticketOf = (room: Room, observer: number, role = "observer"): string =>
  JSON.stringify({
    ...room,
    aud: "document",
    jti: uuid(4, observer),
    exp: 0,
    seatId: uuid(5, observer),
    deviceId: uuid(6, observer),
    role,
    name: "Observer",
    consented: false,
    admitted: true,
  });

/** The stock server of y-websocket 2.1.0; each update is written to the same table by its own persistence hook. No tickets, anybody may write. */
export const startYWebsocket: StartSide = async (databaseUrl, load) => {
  const { child, ports } = await start(new URL("y-websocket-server.ts", import.meta.url), databaseUrl);
  const url = (room: Room): string => `ws://127.0.0.1:${ports[0]}/${room.interviewId}`;
  const hello = (): Uint8Array[] => [STEP_1];
  const writers = await openWriters(load, url, hello, () => undefined);
  return {
    pid: child.pid ?? 0,
    url,
    hello,
    write: writers.write,
    async [Symbol.asyncDispose]() {
      writers.close();
      await end(child);
    },
  };
};

/** Hocuspocus 4.7 as it is usually set up: a token, and its debounced store hook writing the document to the same table. */
export const startHocuspocus: StartSide = async (databaseUrl, load) => {
  const { child, ports } = await start(new URL("hocuspocus-server.ts", import.meta.url), databaseUrl);
  const url = (): string => `ws://127.0.0.1:${ports[0]}`;
  const named = (room: Room, write: (encoder: encoding.Encoder) => void): Uint8Array =>
    encoding.encode((encoder) => {
      encoding.writeVarString(encoder, room.interviewId);
      write(encoder);
    });
  const hello = (room: Room): Uint8Array[] => [
    named(room, (encoder) => {
      encoding.writeVarUint(encoder, 2); // Authentication, its token.
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarString(encoder, "token");
    }),
    named(room, (encoder) => encoding.writeUint8Array(encoder, STEP_1)),
  ];
  const address = (room: Room): Uint8Array => named(room, () => undefined);
  const writers = await openWriters(load, url, hello, address);
  return {
    pid: child.pid ?? 0,
    url,
    hello,
    write: writers.write,
    async [Symbol.asyncDispose]() {
      writers.close();
      await end(child);
    },
  };
};

const timed = (text: string, fromMs: number) =>
  text
    .split(" ")
    .map((word, at) => ({ text: word, startMs: fromMs + at * 50, endMs: fromMs + at * 50 + 40, confidence: 1 }));

/** A client in every room that writes as the peers' own clients do: one update frame per change. */
async function openWriters(
  load: Load,
  url: (room: Room) => string,
  hello: (room: Room) => Uint8Array[],
  prefix: (room: Room) => Uint8Array | undefined,
): Promise<{ write(room: Room, n: number): void; close(): void }> {
  const open = new Map<Room, { doc: Y.Doc; socket: WebSocket }>();
  for (const room of load.rooms) {
    const socket = new WebSocket(url(room), { perMessageDeflate: false });
    await once(socket, "open");
    for (const frame of hello(room)) socket.send(frame);
    const doc = new Y.Doc();
    doc.on("update", (update) => {
      const frame = encoding.encode((encoder) => {
        encoding.writeUint8Array(encoder, prefix(room) ?? new Uint8Array());
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarUint(encoder, 2);
        encoding.writeVarUint8Array(encoder, update);
      });
      socket.send(frame);
    });
    open.set(room, { doc, socket });
  }
  return {
    write(room, n) {
      const doc = open.get(room)?.doc;
      doc?.transact(() => {
        const now = doc.getArray("now");
        now.delete(0, now.length);
        const { text, final } = said(load, n);
        if (!final) return now.push([[room.seatId, { startMs: n, text }]]);
        const segment = [segmentId(room.seatId, n), room.seatId, text, packWordTimes(timed(text, n))];
        doc.getArray("transcript").push([segment]);
      });
    },
    close: () => {
      for (const { socket } of open.values()) socket.terminate();
    },
  };
}
