import { WebSocket } from "ws";
import { DomainError, type ErrorCode, errorTable } from "@verbatim/shared/errors";
import {
  EventReply,
  eventsLimits,
  eventsProtocol,
  type RecorderEvent,
  type RecorderMessage,
} from "@verbatim/shared/events/protocol";
import type { SpeechService } from "@verbatim/shared/speech/service";
import { type Backoff, backoffMs } from "./backoff.ts";
import type { Log } from "./log.ts";
import { dialBounded } from "./net/bounded-socket.ts";
import { signServiceToken } from "./service-token.ts";

export type EventClient = AsyncDisposable & {
  /**
   * Resolves only when the api has answered `ok`, however long that takes. Rejects with a DomainError when the api
   * says that repeating is useless or the event is larger than it takes, and with the signal's reason when it aborts. Holds the event until then, so a
   * caller's memory is bounded by how many it has under way.
   */
  send(event: RecorderEvent): Promise<void>;
  /**
   * For what the next one replaces (run-alive, interim words): at most one per key waits, the newest. Never fails. Interim words
   * are settled once they are on their way: answering them was a twelfth of what delivering them cost the api.
   */
  sendLatest(key: string, event: RecorderEvent): void;
  readonly connected: boolean;
};

type Entry = {
  readonly id: number;
  event: RecorderEvent;
  /** Set for sendLatest: what to send when this one is answered. */
  readonly key?: string;
  next?: RecorderEvent | undefined;
  attempt: number;
  readonly settle: (outcome: { readonly ok: true } | { readonly ok: false; readonly cause: Error }) => void;
};

/** Not long at most: it is the next process on this host, and people wait for words. */
const BACKOFF: Backoff = { firstMs: 100, maxMs: 2_000 };
/** Unanswered this long, the connection is taken for dead: the api answers after one transaction. */
const REPLY_TIMEOUT_MS = 10_000;
const WINDOW = 64;
const MAX_REPLY_BYTES = 64 * 1024;

/** The one way ship, scribe and assembler tell the api something. Reconnects for ever, until the signal aborts. */
export function createEventClient(options: {
  /** The api's internal address, `ws://127.0.0.1:3001`. */
  readonly url: string;
  readonly secret: string;
  /** Name of the process. */
  readonly from: string;
  /** What scribe says of itself to whatever api it reaches. */
  readonly speech?: SpeechService;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly random?: () => number;
  readonly replyTimeoutMs?: number;
}): EventClient {
  const { log, signal } = options;
  const random = options.random ?? Math.random;
  const replyTimeoutMs = options.replyTimeoutMs ?? REPLY_TIMEOUT_MS;
  const waiting: Entry[] = [];
  const inFlight = new Map<number, Entry>();
  /** Under way without an answer. */
  const leaving = new Set<Entry>();
  const latest = new Map<string, Entry>();
  const resting = new Map<NodeJS.Timeout, Entry>();
  let nextId = 1;
  let socket: WebSocket | undefined;
  let ready = false;
  let failures = 0;
  let redial: NodeJS.Timeout | undefined;
  let watchdog: NodeJS.Timeout | undefined;
  let ended = false;

  const post = (frame: string, sent?: () => void): void => socket?.send(frame, sent);

  const pump = (): void => {
    while (ready && inFlight.size < WINDOW) {
      const entry = waiting.shift();
      if (!entry) return;
      const unanswered = entry.event.type === "words-interim";
      const frame = frameOf({ type: "event", id: unanswered ? 0 : entry.id, event: entry.event });
      if (Buffer.byteLength(frame) > eventsLimits.frameBytes) {
        // The api would close the connection on it, and again on every repetition: nobody's events would get through.
        finish(entry, { ok: false, cause: new DomainError("input.too_large", "There is too much to tell at once.") });
        continue;
      }
      if (unanswered) {
        leaving.add(entry);
        // With an error too: what a connection took along is replaced by the next.
        post(frame, () => {
          leaving.delete(entry);
          finish(entry, { ok: true });
          pump();
        });
        continue;
      }
      inFlight.set(entry.id, entry);
      post(frame);
      watch();
    }
  };

  /** Restarted by every answer: it fires only when answers are due and none comes. */
  const watch = (restart = false): void => {
    if (restart) {
      clearTimeout(watchdog);
      watchdog = undefined;
    }
    if (inFlight.size === 0 && ready) return;
    watchdog ??= setTimeout(() => {
      log.warn("events.unanswered", { waitedMs: replyTimeoutMs });
      socket?.terminate();
    }, replyTimeoutMs);
  };

  const finish = (entry: Entry, outcome: Parameters<Entry["settle"]>[0]): void => {
    if (entry.key === undefined) return entry.settle(outcome);
    if (!outcome.ok) log.warn("events.refused", { type: entry.event.type, cause: outcome.cause });
    if (entry.next === undefined) {
      latest.delete(entry.key);
      return;
    }
    freshen(entry);
    entry.attempt = 0;
    waiting.push(entry);
  };

  const freshen = (entry: Entry): void => {
    entry.event = entry.next ?? entry.event;
    entry.next = undefined;
  };

  const rest = (entry: Entry): void => {
    freshen(entry);
    const timer = setTimeout(
      () => {
        resting.delete(timer);
        waiting.push(entry);
        pump();
      },
      backoffMs(entry.attempt++, BACKOFF, random),
    );
    resting.set(timer, entry);
  };

  const onReply = (reply: EventReply): void => {
    if (reply.id === 0) {
      if (reply.type === "error") {
        log.error("events.hello_refused", { code: reply.code, message: reply.message });
        socket?.close();
        return;
      }
      failures = 0;
      ready = true;
    }
    const entry = inFlight.get(reply.id);
    inFlight.delete(reply.id);
    if (entry) {
      if (reply.type === "ok") finish(entry, { ok: true });
      else if (reply.retry) {
        log.warn("events.retry", { type: entry.event.type, code: reply.code, attempt: entry.attempt });
        rest(entry);
      } else finish(entry, { ok: false, cause: new DomainError(knownCode(reply.code), reply.message) });
    }
    watch(true);
    pump();
  };

  const sendLatest = (key: string, event: RecorderEvent): void => {
    if (ended) return;
    const held = latest.get(key);
    if (held) {
      // One that was not sent yet is replaced where it stands; one under way is followed by this.
      if (inFlight.has(held.id) || leaving.has(held)) held.next = event;
      else held.event = event;
      return;
    }
    const entry: Entry = { id: nextId++, event, key, attempt: 0, settle: () => undefined };
    waiting.push(entry);
    latest.set(key, entry);
    pump();
  };

  const dial = async (): Promise<void> => {
    const token = await signServiceToken(options.secret, "events", options.from);
    if (ended) return;
    const dialled = dialBounded(`${options.url.replace(/\/$/, "")}/events`, {
      token,
      frameBytes: MAX_REPLY_BYTES,
      handshakeTimeout: 5_000,
    });
    socket = dialled;
    dialled.on("open", () => {
      const { from, speech } = options;
      post(frameOf({ type: "hello", id: 0, protocol: eventsProtocol.current, from, ...(speech && { speech }) }));
      watch();
    });
    dialled.on("message", (data) => {
      const reply = Buffer.isBuffer(data) ? parseReply(data.toString("utf8")) : undefined;
      if (reply) onReply(reply);
      else {
        log.error("events.bad_reply");
        dialled.terminate();
      }
    });
    dialled.on("error", (cause) => log.debug("events.socket_failed", { cause: cause.message }));
    dialled.on("close", (code) => lost(dialled, code));
  };

  const lost = (which: WebSocket, code: number): void => {
    if (which !== socket) return;
    ready = false;
    clearTimeout(watchdog);
    watchdog = undefined;
    // In the order they were sent, before what came later: they were never answered.
    for (const entry of inFlight.values()) freshen(entry);
    waiting.unshift(...inFlight.values());
    inFlight.clear();
    if (ended) return;
    const inMs = backoffMs(failures++, BACKOFF, random);
    log.warn("events.disconnected", { code, inMs, waiting: waiting.length });
    redial = setTimeout(() => void dial(), inMs);
  };

  const end = (): void => {
    if (ended) return;
    ended = true;
    clearTimeout(redial);
    clearTimeout(watchdog);
    for (const timer of resting.keys()) clearTimeout(timer);
    const cause = new DOMException("The event client has ended.", "AbortError");
    for (const entry of [...inFlight.values(), ...waiting, ...resting.values()]) {
      if (entry.key === undefined) entry.settle({ ok: false, cause });
    }
    inFlight.clear();
    waiting.length = 0;
    latest.clear();
    resting.clear();
    if (socket?.readyState === WebSocket.OPEN) socket.close();
    else socket?.terminate();
  };

  if (signal.aborted) end();
  else {
    signal.addEventListener("abort", end, { once: true });
    void dial();
  }

  return {
    get connected() {
      return ready;
    },
    async send(event) {
      signal.throwIfAborted();
      if (ended) throw new DOMException("The event client has ended.", "AbortError");
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({
        id: nextId++,
        event,
        attempt: 0,
        settle: (outcome) => (outcome.ok ? resolve() : reject(outcome.cause)),
      });
      pump();
      await promise;
    },
    sendLatest,
    async [Symbol.asyncDispose]() {
      signal.removeEventListener("abort", end);
      end();
      await Promise.resolve();
    },
  };
}

const frameOf = (message: RecorderMessage): string => JSON.stringify(message);

function parseReply(text: string): EventReply | undefined {
  try {
    return EventReply.parse(JSON.parse(text));
  } catch {
    return undefined; // Not JSON, or not a reply: the caller drops the connection.
  }
}

function knownCode(code: string): ErrorCode {
  return Object.hasOwn(errorTable, code) ? (code as ErrorCode) : "internal";
}
