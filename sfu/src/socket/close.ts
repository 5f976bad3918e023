import { type ErrorCode, errorTable } from "@verbatim/shared/errors";
import type { WebSocket } from "ws";

/** A peer that does not answer our close is cut off after this. */
const CLOSE_MS = 1_000;

/** Closes with the table's code; its name is the reason. */
export function closeWith(socket: WebSocket, code: ErrorCode): void {
  closeSocket(socket, errorTable[code].close, code);
}

export function closeSocket(socket: WebSocket, status: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(status, reason);
  const cut = setTimeout(() => socket.terminate(), CLOSE_MS);
  socket.once("close", () => clearTimeout(cut));
}
