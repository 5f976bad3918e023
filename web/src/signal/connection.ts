import { type ClientMessage, ServerMessage, signalLimits } from "@verbatim/shared/signal/protocol";

/** The part of a WebSocket we use; tests hand in one end of a socket pair. */
export type Socket = {
  readonly send: (text: string) => void;
  readonly close: () => void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
};

type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;
export type Request = WithoutId<ClientMessage>;
export type Ok = Extract<ServerMessage, { type: "ok" }>;
/** What the server says unasked. */
export type Notice = Exclude<ServerMessage, { type: "ok" | "error" }>;

/** The server said no, or the connection ended before it could answer (`code` is `closed` or `timeout`). */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Connection = {
  /** Sends one request; exactly one answer settles it. Rejects with RequestRefused alone, at once before `open` is told. */
  readonly request: (request: Request) => Promise<Ok>;
  /** Asks at once whether the other end is still there, and drops a connection that does not answer. */
  readonly prove: () => void;
  readonly close: () => void;
};

export type ConnectionEvents = {
  readonly open: () => void;
  readonly notice: (notice: Notice) => void;
  /** Once, whoever closed; `code` 4000 when we found the connection dead. */
  readonly closed: (code: number, reason: string) => void;
};

const ANSWER_MS = 8_000;
/**
 * A ping unanswered for this long means the network is gone, whatever TCP still believes. At 3 s a machine under full
 * load was taken for a lost network.
 */
const PONG_MS = 5_000;
/** No socket may stay half-open longer: the next attempt sends a fresh SYN instead of waiting for TCP's backoff. */
const OPEN_MS = 4_000;
const FOUND_DEAD = 4000;

/** One websocket to the media server: requests with answers, notices, pings, and an end that is always told. */
export function createConnection(socket: Socket, events: ConnectionEvents): Connection {
  const waiting = new Map<number, { ok: (ok: Ok) => void; no: (refused: RequestRefused) => void }>();
  let nextId = 0;
  let phase: "opening" | "open" | "over" = "opening";
  let pong: ReturnType<typeof setTimeout> | undefined;
  let pings: ReturnType<typeof setInterval> | undefined;
  const opening = setTimeout(() => end(FOUND_DEAD, "not opened in time"), OPEN_MS);

  function end(code: number, reason: string): void {
    if (phase === "over") return;
    phase = "over";
    clearTimeout(opening);
    clearTimeout(pong);
    clearInterval(pings);
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    for (const { no } of waiting.values()) no(new RequestRefused("closed", "The connection ended before the answer."));
    waiting.clear();
    events.closed(code, reason);
  }

  function prove(): void {
    // While it opens there is nothing to prove, and `opening` ends it in time.
    if (phase !== "open" || pong !== undefined) return;
    pong = setTimeout(() => end(FOUND_DEAD, "no answer to a ping"), PONG_MS);
    request({ type: "ping" }).then(
      () => {
        clearTimeout(pong);
        pong = undefined;
      },
      () => {
        // The connection's own end is told by `closed`; an error answer to a ping still is an answer.
        clearTimeout(pong);
        pong = undefined;
      },
    );
  }

  function request(message: Request): Promise<Ok> {
    // A browser's socket throws when something is sent before it is open.
    if (phase !== "open") return Promise.reject(new RequestRefused("closed", "The connection is not open."));
    const id = nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Ok>();
    const timer = setTimeout(() => {
      waiting.delete(id);
      reject(new RequestRefused("timeout", "The media server did not answer."));
    }, ANSWER_MS);
    waiting.set(id, {
      ok: (ok) => {
        clearTimeout(timer);
        resolve(ok);
      },
      no: (refused) => {
        clearTimeout(timer);
        reject(refused);
      },
    });
    socket.send(JSON.stringify({ ...message, id }));
    return promise;
  }

  socket.onopen = () => {
    clearTimeout(opening);
    phase = "open";
    pings = setInterval(prove, signalLimits.pingMs);
    events.open();
  };
  socket.onclose = ({ code, reason }) => end(code, reason);
  socket.onmessage = ({ data }) => {
    const message = parse(data);
    // A kind of notice this page does not know yet: a newer server may serve an older tab.
    if (!message) return;
    if (message.type !== "ok" && message.type !== "error") {
      events.notice(message);
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === "ok") asked?.ok(message);
    else asked?.no(new RequestRefused(message.code, message.message));
  };

  return { request, prove, close: () => end(1000, "closed by this page") };
}

function parse(data: unknown): ServerMessage | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const parsed = ServerMessage.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON: the same as a message we do not know.
    return undefined;
  }
}
