import { WebSocket } from "ws";
import { type ApiToSfu, type CallState, controlProtocol, SfuToApi } from "@verbatim/shared/control/protocol";
import type { InterviewId, SeatId } from "@verbatim/shared/ids";
import { backoffMs } from "@verbatim/hands/backoff";
import type { Log } from "@verbatim/hands/log";
import { dialBounded } from "@verbatim/hands/net/bounded-socket";
import { signServiceToken } from "@verbatim/hands/service-token";

type Room = Extract<SfuToApi, { type: "room" }>;
type Accepted = NonNullable<Extract<SfuToApi, { type: "ok" }>["accepted"]>;

/** The api's one socket to the media server. Dials for ever; whoever uses it repeats what was not answered. */
export type ControlLink = AsyncDisposable & {
  readonly connected: boolean;
  /** Sends a call's whole state; its answer comes to `onAccepted`. False when there is no connection now. */
  sendCall(call: CallState): boolean;
  /** Every call there is; to be said after each of them was sent. */
  sendCalls(interviewIds: readonly InterviewId[]): void;
  /** Best effort: words for captions are worth nothing later. */
  sendCaption(caption: { interviewId: InterviewId; seatId: SeatId; text: string; final: boolean }): void;
};

const REDIAL = { firstMs: 50, maxMs: 1_000 };
const PING_MS = 2_000;
/** A frame holds one room; 50 participants take 20 kB. */
const MAX_FRAME_BYTES = 1 << 20;

export function openControlLink(options: {
  readonly url: string;
  readonly secret: string;
  readonly log: Log;
  readonly random: () => number;
  readonly onConnected: () => void;
  readonly onAccepted: (call: CallState, accepted: Accepted) => void;
  readonly onRoom: (room: Room) => void;
}): ControlLink {
  const { log } = options;
  const waiting = new Map<number, CallState>();
  let socket: WebSocket | undefined;
  let ready = false;
  let ended = false;
  let failures = 0;
  let nextId = 1;
  let redial: NodeJS.Timeout | undefined;

  const post = (message: ApiToSfu): void => socket?.send(JSON.stringify(message));

  const receive = (message: SfuToApi): void => {
    switch (message.type) {
      case "room":
        return options.onRoom(message);
      case "error":
        if (message.id === 0) socket?.close();
        waiting.delete(message.id);
        return log.warn("control.refused", { code: message.code, message: message.message });
      case "ok": {
        if (message.id === 0) {
          ready = true;
          failures = 0;
          log.info("control.connected");
          return options.onConnected();
        }
        const call = waiting.get(message.id);
        waiting.delete(message.id);
        if (call && message.accepted) options.onAccepted(call, message.accepted);
      }
    }
  };

  const dial = async (): Promise<void> => {
    const token = await signServiceToken(options.secret, "control", "api");
    if (ended) return;
    const dialled = dialBounded(`${options.url.replace(/\/$/, "")}/control`, {
      token,
      frameBytes: MAX_FRAME_BYTES,
      handshakeTimeout: 2_000,
    });
    socket = dialled;
    let answered = true;
    const ping = setInterval(() => {
      // A half-open connection is told by silence alone.
      if (!answered) return dialled.terminate();
      answered = false;
      if (dialled.readyState === WebSocket.OPEN) dialled.ping();
      else answered = true;
    }, PING_MS);
    dialled.on("pong", () => (answered = true));
    dialled.on("open", () => post({ type: "hello", id: 0, protocol: controlProtocol.current }));
    dialled.on("message", (data) => {
      answered = true;
      const message = parse(Buffer.isBuffer(data) ? data.toString("utf8") : "");
      if (message) return receive(message);
      log.error("control.bad_frame");
      dialled.close(4400);
    });
    dialled.on("error", (cause) => log.debug("control.socket_failed", { cause: cause.message }));
    dialled.on("close", (code) => {
      clearInterval(ping);
      if (ready) log.warn("control.disconnected", { code });
      ready = false;
      waiting.clear();
      if (!ended) redial = setTimeout(() => void dial(), backoffMs(failures++, REDIAL, options.random));
    });
  };
  void dial();

  return {
    get connected() {
      return ready;
    },
    sendCall(call) {
      if (!ready) return false;
      const id = nextId++;
      waiting.set(id, call);
      post({ type: "call", id, call });
      return true;
    },
    sendCalls(interviewIds) {
      if (ready) post({ type: "calls", id: nextId++, interviewIds: [...interviewIds] });
    },
    sendCaption(caption) {
      if (ready) post({ type: "caption", ...caption });
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      clearTimeout(redial);
      socket?.terminate();
      await Promise.resolve();
    },
  };
}

function parse(text: string): SfuToApi | undefined {
  try {
    return SfuToApi.parse(JSON.parse(text));
  } catch {
    return undefined; // Not JSON, or not of this protocol: the caller closes the connection.
  }
}
