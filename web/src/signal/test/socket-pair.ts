import type { Socket } from "../connection.ts";

/** The other end of a socket made for tests: what the page sent, and what the server says. */
export type FarEnd = {
  readonly socket: Socket;
  /** Everything sent by the page so far, parsed. */
  readonly sent: readonly { readonly type: string; readonly id: number; readonly [key: string]: unknown }[];
  readonly closed: () => boolean;
  readonly open: () => void;
  readonly say: (message: unknown) => void;
  readonly sayText: (text: string) => void;
  readonly close: (code: number, reason?: string) => void;
};

/** A socket in memory, both ends in hand; delivery is at once and in order. */
export function socketPair(): FarEnd {
  const sent: { type: string; id: number }[] = [];
  let state: "connecting" | "open" | "closed" = "connecting";
  const socket: Socket = {
    send: (text) => {
      // As a browser's WebSocket does: it throws while connecting, and drops silently once closed.
      if (state === "connecting") throw new DOMException("Still in CONNECTING state.", "InvalidStateError");
      if (state === "open") sent.push(JSON.parse(text));
    },
    close: () => {
      state = "closed";
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  return {
    socket,
    sent,
    closed: () => state === "closed",
    open: () => {
      state = "open";
      socket.onopen?.();
    },
    say: (message) => socket.onmessage?.({ data: JSON.stringify(message) }),
    sayText: (data) => socket.onmessage?.({ data }),
    close: (code, reason = "") => {
      state = "closed";
      socket.onclose?.({ code, reason });
    },
  };
}
