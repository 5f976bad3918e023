import type { Log } from "@verbatim/hands/log";
import { unreachable } from "@verbatim/shared/assert";
import { ApiToSfu, controlProtocol, type SfuToApi } from "@verbatim/shared/control/protocol";
import { DomainError } from "@verbatim/shared/errors";
import { negotiate } from "@verbatim/shared/signal/protocol";
import type { WebSocket } from "ws";
import type { Rooms } from "../room/rooms.ts";
import { serveRequests } from "../socket/service-session.ts";

/**
 * One connection of the api. It tells what is to be, hears what was accepted and every room's state. That it is gone
 * changes nothing in a call; two at once, around a restart, are told the same.
 */
export function serveApi(socket: WebSocket, options: { rooms: Rooms; log: Log }): void {
  const { rooms, log } = options;
  const owned = new DisposableStack();

  const send = (message: SfuToApi): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };

  socket.once("close", () => {
    owned.dispose();
    log.info("api.gone");
  });

  serveRequests({
    socket,
    schema: ApiToSfu,
    log,
    send,
    handle(message) {
      switch (message.type) {
        case "hello":
          if (negotiate(message.protocol, controlProtocol) === undefined) {
            throw new DomainError("protocol.unsupported", "protocol: not spoken here");
          }
          log.info("api.connected");
          send({ type: "ok", id: message.id });
          if (socket.readyState === socket.OPEN) owned.use(rooms.onRoom(send));
          return;
        case "call": {
          const { revision, recording } = rooms.applyCall(message.call);
          const accepted = { revision, clock: recording?.clock ?? null, transitions: recording?.transitions ?? [] };
          return send({ type: "ok", id: message.id, accepted });
        }
        case "calls":
          rooms.callsAre(message.interviewIds);
          return send({ type: "ok", id: message.id });
        case "caption": {
          const { interviewId, ...caption } = message;
          return rooms.get(interviewId)?.caption(caption);
        }
        default:
          return unreachable(message);
      }
    },
  });
}
