import type { EngineClose } from "../engine.ts";
import { refusalOf } from "../refusal.ts";

export const CONNECT_TIMEOUT_S = 8;

/** What the SDK's sockets have in common, whichever of Deepgram's protocols they speak. */
type Socket = {
  on(event: "open", act: () => void): void;
  on(event: "message", act: (message: unknown) => void): void;
  on(event: "error", act: (error: Error) => void): void;
  on(event: "close", act: (event: { readonly code: number }) => void): void;
  connect(): unknown;
  close(): void;
  sendCloseStream(message: { readonly type: "CloseStream" }): void;
};

export type DeepgramSocket<S> = {
  /** Does nothing on a socket that is not open yet or gone. */
  use(act: (on: S) => void): void;
  /** Says that no more audio comes. */
  end(): void;
  /** The service said that it cannot go on. */
  fail(detail: string): void;
  /** Leaves without waiting; nothing is told after it. */
  drop(): void;
};

/** One connection by the SDK, from the attempt to its end, which is told once. */
export function openDeepgramSocket<S extends Socket>(options: {
  readonly connect: () => Promise<S>;
  readonly onOpen: () => void;
  readonly onMessage: (message: unknown) => void;
  /** Asked when the socket closes after `end()`: a close alone may be a lost connection, which the SDK calls 1000 too. */
  readonly hasSaidAll: () => boolean;
  readonly onClose: (close: EngineClose) => void;
}): DeepgramSocket<S> {
  let socket: S | undefined;
  let state: "opening" | "open" | "ending" | "gone" = "opening";
  let refusal: EngineClose | undefined;
  const deadline = setTimeout(() => lost("no answer to the connection attempt"), (CONNECT_TIMEOUT_S + 2) * 1000);

  const finish = (close: EngineClose): void => {
    if (state === "gone") return;
    state = "gone";
    clearTimeout(deadline);
    socket?.close();
    options.onClose(close);
  };
  const lost = (detail: string): void => finish(refusal ?? { kind: "lost", detail });

  const connect = async (): Promise<void> => {
    const opened = await options.connect();
    if (state === "gone") return;
    socket = opened;
    opened.on("open", () => {
      if (state !== "opening") return;
      state = "open";
      clearTimeout(deadline);
      options.onOpen();
    });
    opened.on("message", (message) => {
      if (state !== "gone") options.onMessage(message);
    });
    opened.on("error", (error) => {
      refusal ??= refusalOf(error.message);
      // A refused handshake has no close of its own in every case.
      if (state === "opening") lost(error.message);
    });
    opened.on("close", ({ code }) => {
      if (state === "ending" && options.hasSaidAll()) finish({ kind: "ended" });
      // The SDK tells of a refused handshake as a close with 1000 first, and of the reason right after.
      else setImmediate(() => lost(`closed with ${code}`));
    });
    opened.connect();
  };
  connect().catch((cause: unknown) => lost(String(cause)));

  const use = (act: (on: S) => void): void => {
    if (!socket || state === "gone" || state === "opening") return;
    try {
      act(socket);
    } catch (cause) {
      lost(String(cause)); // The SDK throws on a socket that has just gone.
    }
  };

  return {
    use,
    end() {
      use((on) => on.sendCloseStream({ type: "CloseStream" }));
      if (state === "open") state = "ending";
    },
    fail: lost,
    drop() {
      state = "gone";
      clearTimeout(deadline);
      socket?.close();
    },
  };
}
