import type { Log } from "@verbatim/hands/log";
import { unreachable } from "@verbatim/shared/assert";
import { DomainError } from "@verbatim/shared/errors";
import { negotiate } from "@verbatim/shared/signal/protocol";
import { CaptureMessage, type SfuToCapture, tapProtocol } from "@verbatim/shared/tap/protocol";
import type { WebSocket } from "ws";
import type { MediaTap } from "../engine/engine.ts";
import type { HostClock } from "../room/clock.ts";
import type { Rooms } from "../room/rooms.ts";
import { serveRequests } from "../socket/service-session.ts";

type Open = Extract<CaptureMessage, { type: "open" }>;

/** More than every track of every call a host can carry. */
const MAX_TAPS = 2_000;

/**
 * One capture process. It hears the whole state of every call on each change and opens taps as it likes; several may
 * be connected at once, and none knows of another. Its taps end with its socket.
 */
export function serveCapture(socket: WebSocket, options: { rooms: Rooms; clock: HostClock; log: Log }): void {
  const { rooms, clock } = options;
  let log = options.log;
  const taps = new Map<string, MediaTap>();
  const owned = new DisposableStack();
  let closed = false;

  const send = (message: SfuToCapture): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const tap = (tapId: string): MediaTap => {
    const found = taps.get(tapId);
    if (!found) throw new DomainError("not_found", "tapId: no such tap");
    return found;
  };

  const open = async ({ id, interviewId, producerId, ip, port, srtp }: Open): Promise<void> => {
    // Taps never leave the host: a capture elsewhere would need its own network and key exchange.
    if (!/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(ip)) {
      throw new DomainError("input.invalid", "ip: taps are sent to loopback addresses only");
    }
    if (taps.size >= MAX_TAPS) throw new DomainError("rate.limited", "Too many taps on this socket.");
    const room = rooms.get(interviewId);
    if (!room) throw new DomainError("not_found", "interviewId: no such call");
    let opened: MediaTap | undefined;
    const onClosed = (): void => {
      if (opened) taps.delete(opened.id);
    };
    opened = await room.openTap({ producerId, ip, port, srtp, onClosed });
    if (closed) return opened.close();
    taps.set(opened.id, opened);
    log.info("tap.opened", { interviewId, producerId, tapId: opened.id });
    const { id: tapId, ssrc, payloadType } = opened;
    send({ type: "ok", id, tap: { tapId, ssrc, payloadType, srtp: opened.srtp } });
  };

  socket.once("close", () => {
    closed = true;
    owned.dispose();
    for (const one of taps.values()) one.close();
    log.info("capture.gone", { taps: taps.size });
    taps.clear();
  });

  serveRequests({
    socket,
    schema: CaptureMessage,
    log,
    send,
    async handle(message) {
      switch (message.type) {
        case "hello":
          if (negotiate(message.protocol, tapProtocol) === undefined) {
            throw new DomainError("protocol.unsupported", "protocol: not spoken here");
          }
          log = log.with({ instance: message.instance });
          log.info("capture.connected");
          send({ type: "ok", id: message.id, bootId: clock.bootId, nowUs: clock.us() });
          if (!closed) owned.use(rooms.onTap(send));
          return;
        case "open":
          return await open(message);
        case "resume":
          await tap(message.tapId).resume();
          return send({ type: "ok", id: message.id });
        case "key-frame":
          await tap(message.tapId).requestKeyFrame();
          return send({ type: "ok", id: message.id });
        case "close":
          tap(message.tapId).close();
          taps.delete(message.tapId);
          return send({ type: "ok", id: message.id });
        case "ping":
          return send({ type: "ok", id: message.id, nowUs: clock.us() });
        default:
          return unreachable(message);
      }
    },
  });
}
