import { takeTicket } from "@verbatim/shared/api/call";
import { call } from "../api/call.ts";
import type { Socket } from "../signal/connection.ts";

/** A request that hangs on a dead network is given up early: the next one begins with a fresh connection. */
const TICKET_MS = 4_000;

/** Fresh single-use tickets for one seat. */
export const ticketsFor =
  (interviewId: string, role: string, what: "call" | "probe" | "document") =>
  (signal?: AbortSignal): Promise<{ ticket: string; url: string }> =>
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
