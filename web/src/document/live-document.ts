import { liveRoots } from "@verbatim/shared/document/live";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { worthRetrying } from "../api/failure.ts";
import { backoffMs } from "../session/step.ts";
import { createObservable, type Observable } from "../observable/observable.ts";
import { isFinal } from "./is-final.ts";
import { emptyView, type LiveView, readView } from "./live-view.ts";

export type LiveState = {
  /** `live`: in step with the server. `lost`: what is shown is the last that arrived. `refused`: it will not come back by itself. */
  readonly connection: "connecting" | "live" | "lost" | "refused";
  readonly view: LiveView;
};

export type LiveDocument = Observable<LiveState> & {
  /** Tries at once, not at the next turn. */
  readonly hurry: () => void;
  readonly dispose: () => void;
};

export type LiveDeps = {
  readonly takeTicket: (signal: AbortSignal) => Promise<{ readonly ticket: string; readonly url: string }>;
  readonly WebSocketPolyfill?: typeof WebSocket;
};

/** Follows the live document, read-only. Tickets are single-use, so every connection takes a fresh one and the provider's own loop stays off. */
export function followLiveDocument({ takeTicket, WebSocketPolyfill }: LiveDeps): LiveDocument {
  const doc = new Y.Doc();
  const state = createObservable<LiveState>({ connection: "connecting", view: emptyView });
  const disposed = new AbortController();
  let provider: WebsocketProvider | undefined;
  let tries = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let connecting = false;

  const connectionIs = (connection: LiveState["connection"]): void => {
    if (state.get().connection !== connection) state.set({ ...state.get(), connection });
  };

  const dirty = new Set<string>();
  for (const root of [liveRoots.meta, liveRoots.participants, liveRoots.suggestions] as const) {
    doc.getMap(root).observe(() => dirty.add(root));
  }
  for (const root of [liveRoots.now, liveRoots.transcript] as const) doc.getArray(root).observe(() => dirty.add(root));
  doc.on("afterAllTransactions", () => {
    if (dirty.size === 0) return;
    const view = readView(doc, state.get().view, dirty);
    dirty.clear();
    state.set({ ...state.get(), view });
  });

  async function connect(): Promise<void> {
    if (connecting || disposed.signal.aborted) return;
    connecting = true;
    clearTimeout(retry);
    retry = undefined;
    try {
      const { ticket, url } = await takeTicket(disposed.signal);
      if (disposed.signal.aborted) return;
      provider ??= providerFor(url);
      provider.params = { ticket };
      provider.connect();
    } catch (thrown) {
      if (disposed.signal.aborted) return;
      if (worthRetrying(thrown)) later();
      else connectionIs("refused");
    } finally {
      connecting = false;
    }
  }

  function providerFor(url: string): WebsocketProvider {
    const cut = url.lastIndexOf("/");
    const made = new WebsocketProvider(url.slice(0, cut), url.slice(cut + 1), doc, {
      connect: false,
      disableBc: true,
      ...(WebSocketPolyfill ? { WebSocketPolyfill } : {}),
    });
    // Our presence comes from the authenticated socket; the server closes sockets that write.
    made.awareness.setLocalState(null);
    made.on("sync", (synced) => {
      if (!synced) return;
      tries = 0;
      connectionIs("live");
    });
    made.on("connection-close", (event) => {
      made.shouldConnect = false;
      if (disposed.signal.aborted) return;
      if (event && isFinal(event.code)) connectionIs("refused");
      else later();
    });
    return made;
  }

  function later(): void {
    if (state.get().connection === "live") connectionIs("lost");
    clearTimeout(retry);
    retry = setTimeout(() => void connect(), backoffMs(tries++));
  }

  void connect();
  return {
    get: state.get,
    subscribe: state.subscribe,
    hurry: () => {
      if (retry !== undefined) void connect();
    },
    dispose: () => {
      disposed.abort();
      clearTimeout(retry);
      provider?.destroy();
      doc.destroy();
    },
  };
}
