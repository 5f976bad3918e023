import type { Socket } from "../signal/connection.ts";

/** The media server closes a socket that has said nothing for 5 s. */
const HOLD_MS = 4_000;

/** Opens sockets, one of which may have been opened a moment before it was needed. */
export type SocketAhead = {
  /** Somebody reaches for Join: the way to the media server is opened, and nothing is said on it. */
  readonly reach: (url: string) => void;
  readonly open: (url: string) => Socket;
  readonly dispose: () => void;
};

/** From a browser far from the server an open socket saves three round trips at the press. */
export function socketAhead(open: (url: string) => Socket): SocketAhead {
  let held: { readonly url: string; readonly socket: Socket; opened: boolean } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  const letGo = (): typeof held => {
    const was = held;
    held = undefined;
    clearTimeout(timer);
    return was;
  };
  const drop = (): void => {
    const was = letGo();
    if (!was) return;
    was.socket.onopen = null;
    was.socket.onclose = null;
    was.socket.close();
  };

  return {
    reach(url) {
      if (held || disposed) return;
      const made = { url, socket: open(url), opened: false };
      held = made;
      timer = setTimeout(drop, HOLD_MS);
      made.socket.onopen = () => {
        made.opened = true;
      };
      made.socket.onclose = drop;
    },
    open(url) {
      if (held && held.url !== url) drop();
      const ready = letGo();
      if (!ready) return open(url);
      const { socket, opened } = ready;
      // As a socket does that opens now: told to whoever listens by then.
      if (opened) queueMicrotask(() => socket.onopen?.());
      return socket;
    },
    dispose() {
      disposed = true;
      drop();
    },
  };
}
