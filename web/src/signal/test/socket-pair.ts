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
  let closed = false;
  const socket: Socket = {
    send: (text) => sent.push(JSON.parse(text)),
    close: () => {
      closed = true;
    },
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  return {
    socket,
    sent,
    closed: () => closed,
    open: () => socket.onopen?.(),
    say: (message) => socket.onmessage?.({ data: JSON.stringify(message) }),
    sayText: (data) => socket.onmessage?.({ data }),
    close: (code, reason = "") => {
      closed = true;
      socket.onclose?.({ code, reason });
    },
  };
}
