import type { WebSocket } from "ws";
import { errorTable, type ErrorCode } from "@verbatim/shared/errors";

/** Closes a document's socket with a code of our table. */
export function closeSocket(socket: WebSocket, code: ErrorCode, why: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(errorTable[code].close, why.slice(0, 120));
  // A peer that does not answer the close must not hold its buffer; ws gives up by itself after 30 s.
  setTimeout(() => socket.terminate(), 2_000).unref();
}

/** So many at once, and so many a second after that. Answers whether these still fit. */
export function createRate(burst: number, perSecond: number, nowMs: () => number): (count: number) => boolean {
  let tokens = burst;
  let refilledMs = nowMs();
  return (count) => {
    const now = nowMs();
    tokens = Math.min(burst, tokens + ((now - refilledMs) * perSecond) / 1000);
    refilledMs = now;
    tokens -= count;
    return tokens >= 0;
  };
}
