import { takeTicket } from "@verbatim/shared/api/call";
import { call } from "../api/call.ts";
import type { Socket } from "../signal/connection.ts";

/** A request that hangs on a dead network is given up early: the next one begins with a fresh connection. */
const TICKET_MS = 4_000;

export type Ticket = { readonly ticket: string; readonly url: string };

/** A ticket is good for 30 s from its making; the rest is for the way there. */
const AHEAD_MS = 20_000;

/** Tickets into the call, one of which can be fetched before it is needed: Join then waits for none (40 ms, measured). */
export type CallTickets = {
  /** The person is about to join. Undefined where none could be had: why is told when they join. */
  readonly prepare: () => Promise<Ticket | undefined>;
  readonly take: (signal?: AbortSignal) => Promise<Ticket>;
};

export function ticketsAhead(fetch: (signal?: AbortSignal) => Promise<Ticket>, nowMs = Date.now): CallTickets {
  let ahead: { readonly atMs: number; readonly ticket: Promise<Ticket | undefined> } | undefined;
  const good = () => (ahead && nowMs() - ahead.atMs < AHEAD_MS ? ahead : undefined);
  return {
    prepare() {
      // Whatever is wrong is told when they join.
      ahead = good() ?? { atMs: nowMs(), ticket: fetch().catch(() => undefined) };
      return ahead.ticket;
    },
    async take(signal) {
      const ready = good();
      ahead = undefined;
      return (await ready?.ticket) ?? fetch(signal);
    },
  };
}

/** Fresh single-use tickets for one seat. */
export const ticketsFor =
  (interviewId: string, role: string, what: "call" | "probe" | "document") =>
  (signal?: AbortSignal): Promise<Ticket> =>
    call(
      takeTicket,
      { for: what },
      { params: { interviewId, role }, timeoutMs: TICKET_MS, ...(signal ? { signal } : {}) },
    );

/** A browser's websocket behind the part of it that signalling uses. */
export function openWebSocket(url: string): Socket {
  const websocket = new WebSocket(url);
  const socket: Socket = {
    send: (text) => websocket.send(text),
    close: () => websocket.close(),
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  websocket.onopen = () => socket.onopen?.();
  websocket.onmessage = ({ data }: MessageEvent<unknown>) => socket.onmessage?.({ data });
  websocket.onclose = ({ code, reason }) => socket.onclose?.({ code, reason });
  return socket;
}
