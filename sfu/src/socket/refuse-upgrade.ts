import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Answers an upgrade that we do not take, before a websocket exists. */
export function refuseUpgrade(socket: Duplex, status: 401 | 403 | 404 | 429 | 503): void {
  socket.on("error", () => undefined); // The peer may be gone already; there is nobody to tell.
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
