import type { Log } from "@verbatim/hands/log";
import { DomainError, toDomainError } from "@verbatim/shared/errors";
import type { WebSocket } from "ws";
import type { z } from "zod";
import { closeWith } from "./close.ts";
import { readFrame } from "./frame.ts";

type Reply = { readonly type: "error"; readonly id: number; readonly code: string; readonly message: string };

/**
 * Serves one of our own processes: strict frames, answered one after another in order. A request that fails is
 * answered with an error; what cannot be answered, and a refused hello, closes the socket.
 */
export function serveRequests<Schema extends z.ZodType<{ type: string }>>(options: {
  readonly socket: WebSocket;
  readonly schema: Schema;
  readonly log: Log;
  readonly send: (reply: Reply) => void;
  /** Answers one message; requests before hello are refused before this. */
  readonly handle: (message: z.output<Schema>) => Promise<void> | void;
}): void {
  const { socket, schema, log, send, handle } = options;
  let greeted = false;
  let queue = Promise.resolve();

  const respond = async (message: z.output<Schema>): Promise<void> => {
    try {
      if (!greeted && message.type !== "hello") throw new DomainError("auth.required", "Say hello first.");
      await handle(message);
      greeted = true;
    } catch (thrown) {
      const failure = toDomainError(thrown);
      if (failure.code === "internal") log.error("service.failed", { request: message.type, cause: failure.cause });
      if (!greeted || !hasId(message)) return closeWith(socket, failure.code);
      send({ type: "error", id: message.id, code: failure.code, message: failure.message });
    }
  };

  socket.on("message", (data, isBinary) => {
    const frame = readFrame(schema, data as Buffer, isBinary); // `binaryType` is left at "nodebuffer".
    if (frame.type === "message") {
      queue = queue.then(() => respond(frame.message));
      return;
    }
    log.warn("service.bad_frame", { reason: frame.reason });
    if (frame.type === "garbage" || !greeted) return closeWith(socket, "input.invalid");
    send({ type: "error", id: frame.id, code: "input.invalid", message: frame.reason });
  });
}

function hasId(message: object): message is { id: number } {
  return "id" in message && typeof message.id === "number";
}
