import { type ClientOptions, WebSocket, WebSocketServer } from "ws";
import { errorTable } from "@verbatim/shared/errors";

/** The code with which `ws` closes a frame over its limit, before it has read more than the frame's head. */
const WS_TOO_LARGE = 1009;

/** A websocket that closes a frame over its limit, however large, with our own table's code. */
class BoundedSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === WS_TOO_LARGE) super.close(errorTable["input.too_large"].close, "input.too_large");
    else super.close(code, reason);
  }
}

/** Takes upgrades of a server of ours. No frame above `frameBytes` is held in memory; nothing is compressed. */
export const boundedSockets = (limits: { readonly frameBytes: number }): WebSocketServer =>
  new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    WebSocket: BoundedSocket,
  });

/** Dials one of our own servers with the same limit on what it answers. */
export const dialBounded = (
  url: string,
  options: {
    readonly frameBytes: number;
    readonly token: string;
    readonly handshakeTimeout: ClientOptions["handshakeTimeout"];
  },
): WebSocket =>
  new BoundedSocket(url, {
    headers: { authorization: `Bearer ${options.token}` },
    handshakeTimeout: options.handshakeTimeout,
    maxPayload: options.frameBytes,
    perMessageDeflate: false,
  });
