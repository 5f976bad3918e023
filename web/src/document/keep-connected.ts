import type { Awareness } from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import type * as Y from "yjs";
import { worthRetrying } from "../api/failure.ts";
import { backoffMs } from "../session/step.ts";
import { isFinal } from "./is-final.ts";

export type DocumentTicket = { readonly ticket: string; readonly url: string };

export type Connection = {
  /** Undefined until the first ticket has come. */
  readonly provider: WebsocketProvider | undefined;
  /** Tries at once, not at the next turn. */
  readonly hurry: () => void;
  readonly dispose: () => void;
};

type Deps<Ticket extends DocumentTicket> = {
  readonly takeTicket: (signal: AbortSignal) => Promise<Ticket>;
  /** Whose presence is told; without it, nothing is sent but what the document needs. */
  readonly awareness?: Awareness;
  /** What the address of the next socket says beside the ticket. */
  readonly params?: () => Readonly<Record<string, string>>;
  /** Before anything is received. */
  readonly onOpening?: (provider: WebsocketProvider, ticket: Ticket) => void;
  /** In step with the server: at each connection. */
  readonly onSynced: () => void;
  /** It was in step, and tries again by itself. */
  readonly onLost: () => void;
  /** It will not come back by itself; the socket's code where one closed. */
  readonly onRefused: (code?: number) => void;
};

/**
 * Keeps a document connected to the server. Tickets are single-use, so every connection takes a fresh one and the
 * provider's own loop stays off.
 */
export function keepConnected<Ticket extends DocumentTicket>(doc: Y.Doc, deps: Deps<Ticket>): Connection {
  const disposed = new AbortController();
  let provider: WebsocketProvider | undefined;
  let tries = 0;
  let synced = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let connecting = false;

  async function connect(): Promise<void> {
    if (connecting || disposed.signal.aborted) return;
    connecting = true;
    clearTimeout(retry);
    retry = undefined;
    try {
      const taken = await deps.takeTicket(disposed.signal);
      if (disposed.signal.aborted) return;
      provider ??= open(taken);
      provider.params = { ...deps.params?.(), ticket: taken.ticket };
      provider.connect();
    } catch (thrown) {
      if (disposed.signal.aborted) return;
      if (worthRetrying(thrown)) later();
      else deps.onRefused();
    } finally {
      connecting = false;
    }
  }

  function open(taken: Ticket): WebsocketProvider {
    const { awareness } = deps;
    const { url } = taken;
    const cut = url.lastIndexOf("/");
    const opened = new WebsocketProvider(url.slice(0, cut), url.slice(cut + 1), doc, {
      connect: false,
      disableBc: true,
      ...(awareness ? { awareness } : {}),
    });
    // Presence that a page does not tell comes from its authenticated socket.
    if (!awareness) opened.awareness.setLocalState(null);
    opened.on("sync", (isSynced) => {
      if (!isSynced) return;
      tries = 0;
      synced = true;
      deps.onSynced();
    });
    opened.on("connection-close", (event) => {
      opened.shouldConnect = false;
      if (disposed.signal.aborted) return;
      if (event && isFinal(event.code)) deps.onRefused(event.code);
      else later();
    });
    deps.onOpening?.(opened, taken);
    return opened;
  }

  function later(): void {
    if (synced) deps.onLost();
    synced = false;
    clearTimeout(retry);
    retry = setTimeout(() => void connect(), backoffMs(tries++));
  }

  void connect();
  return {
    get provider() {
      return provider;
    },
    hurry: () => {
      if (retry !== undefined) void connect();
    },
    dispose: () => {
      disposed.abort();
      clearTimeout(retry);
      provider?.destroy();
    },
  };
}
