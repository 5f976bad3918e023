import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { z } from "zod";
import { type DomainError, type ErrorCode, errorTable, toDomainError } from "@verbatim/shared/errors";
import {
  type EventReply,
  eventsLimits,
  eventsProtocol,
  type RecorderEvent,
  RecorderMessage,
} from "@verbatim/shared/events/protocol";
import type { SpeechService } from "@verbatim/shared/speech/service";
import { negotiate } from "@verbatim/shared/signal/protocol";
import type { Log } from "@verbatim/hands/log";
import { boundedSockets } from "@verbatim/hands/net/bounded-socket";
import { verifyServiceToken } from "@verbatim/hands/service-token";

/** Handles one event in one transaction, unfinished words in none; when it resolves, the event is never needed again. */
export type HandleEvent = (event: RecorderEvent) => Promise<void>;

const HELLO_MS = 5_000;
const PING_MS = 10_000;
/** A recorder never has more than 64 unanswered. */
const MAX_WAITING = 256;

/** The websocket /events on the internal port, where ship, scribe and assembler say what happened. */
export function serveEvents(options: {
  readonly server: Server;
  readonly secret: string;
  readonly handle: HandleEvent;
  /** Scribe has said what it uses. */
  readonly onSpeech: (service: SpeechService) => void;
  readonly log: Log;
}): AsyncDisposable {
  const sockets = boundedSockets(eventsLimits);
  const inOrder = createOrder();

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = request.url?.split("?")[0];
    if (path !== "/events") return refuse(socket, 404);
    verifyServiceToken(options.secret, "events", request.headers.authorization).then(
      (from) =>
        sockets.handleUpgrade(request, socket, head, (opened) => serveSocket(opened, socket, from, options, inOrder)),
      () => refuse(socket, 401),
    );
  };
  options.server.on("upgrade", onUpgrade);

  return {
    async [Symbol.asyncDispose]() {
      options.server.off("upgrade", onUpgrade);
      for (const socket of sockets.clients) socket.close(errorTable["server.draining"].close);
      await inOrder.settled();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

export function refuse(socket: Duplex, status: 401 | 403 | 404 | 429): void {
  socket.on("error", () => undefined); // The peer went away before it heard the answer.
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

type Order = ReturnType<typeof createOrder>;

/** Events of one interview in the order in which they came; interviews beside one another. */
function createOrder() {
  const last = new Map<string, Promise<void>>();
  return {
    run(key: string, work: () => Promise<void>): Promise<void> {
      const done = (last.get(key) ?? Promise.resolve()).then(work);
      const quiet = done.catch(() => undefined); // The caller of `run` hears of it.
      last.set(key, quiet);
      void quiet.then(() => {
        if (last.get(key) === quiet) last.delete(key);
      });
      return done;
    },
    settled: () => Promise.all(last.values()),
  };
}

function serveSocket(
  socket: WebSocket,
  wire: Duplex,
  from: string,
  { handle, onSpeech, log }: Pick<Parameters<typeof serveEvents>[0], "handle" | "onSpeech" | "log">,
  order: Order,
): void {
  let greeted = false;
  let waiting = 0;
  let answered = true;
  // What one transaction settled is answered in one piece.
  const uncork = (): void => wire.uncork();
  const reply = (message: EventReply): void => {
    if (!wire.writableCorked) {
      wire.cork();
      process.nextTick(uncork);
    }
    socket.send(JSON.stringify(message), () => undefined);
  };
  const close = (code: ErrorCode, why: string): void => socket.close(errorTable[code].close, why.slice(0, 120));
  const hello = setTimeout(() => close("protocol.unsupported", "Say hello first."), HELLO_MS);
  const ping = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_MS);

  const failed = (id: number, error: DomainError): void => {
    const { code, message } = error;
    if (code === "internal") log.error("events.failed", { from, cause: error.cause ?? error });
    else log.warn("events.refused", { from, code, message });
    if (id !== 0) reply({ type: "error", id, code, message, retry: error.spec.retry });
  };

  socket.on("pong", () => (answered = true));
  socket.on("error", (cause) => log.info("events.socket_failed", { from, cause: cause.message }));
  socket.on("close", () => {
    clearTimeout(hello);
    clearInterval(ping);
  });
  socket.on("message", (data, isBinary) => {
    answered = true;
    if (isBinary) return close("input.invalid", "Frames must be text.");
    const parsed = parse(Buffer.isBuffer(data) ? data.toString("utf8") : "");
    if (parsed.type === "nonsense") return close("input.invalid", parsed.why);
    if (parsed.type === "bad") {
      return reply({ type: "error", id: parsed.id, code: "input.invalid", message: parsed.why, retry: false });
    }
    const { message } = parsed;
    if (message.type === "hello") {
      if (greeted || negotiate(message.protocol, eventsProtocol) === undefined) {
        return close("protocol.unsupported", "This version of the protocol is not spoken here.");
      }
      greeted = true;
      clearTimeout(hello);
      if (message.speech) onSpeech(message.speech);
      return reply({ type: "ok", id: message.id });
    }
    if (!greeted) return close("protocol.unsupported", "Say hello first.");
    if (++waiting > MAX_WAITING) return close("rate.limited", "Too many unanswered events.");
    const { event } = message;
    // Unfinished words store nothing, and are not to wait for those who do.
    const handled = event.type === "words-interim" ? handle(event) : order.run(event.interviewId, () => handle(event));
    handled
      .then(
        () => message.id !== 0 && reply({ type: "ok", id: message.id }),
        (thrown: unknown) => failed(message.id, toDomainError(thrown)),
      )
      .finally(() => waiting--);
  });
}

const Envelope = z.object({ id: z.int().min(0) });
type Parsed =
  | { readonly type: "message"; readonly message: RecorderMessage }
  | { readonly type: "bad"; readonly id: number; readonly why: string }
  | { readonly type: "nonsense"; readonly why: string };

function parse(text: string): Parsed {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { type: "nonsense", why: "The frame is not JSON." };
  }
  const message = RecorderMessage.safeParse(raw);
  if (message.success) return { type: "message", message: message.data };
  const envelope = Envelope.safeParse(raw);
  const issue = message.error.issues[0];
  const why = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`;
  return envelope.success ? { type: "bad", id: envelope.data.id, why } : { type: "nonsense", why };
}
