import { LIVE_FROM_START, liveRoots, MESSAGE_NOW } from "@verbatim/shared/document/live";
import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { createObservable, type Observable } from "../observable/observable.ts";
import { type DocumentTicket, keepConnected } from "./keep-connected.ts";
import { emptyView, type LiveView, readNow, readView } from "./live-view.ts";

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

/** Follows the live document, read-only: the server closes sockets that write. */
export function followLiveDocument({
  takeTicket,
}: {
  readonly takeTicket: (signal: AbortSignal) => Promise<DocumentTicket>;
}): LiveDocument {
  const doc = new Y.Doc();
  const state = createObservable<LiveState>({ connection: "connecting", view: emptyView });
  const connectionIs = (connection: LiveState["connection"]): void => {
    state.set({ ...state.get(), connection });
  };

  const dirty = new Set<string>();
  for (const root of [liveRoots.meta, liveRoots.participants, liveRoots.suggestions] as const) {
    doc.getMap(root).observe(() => dirty.add(root));
  }
  doc.getArray(liveRoots.transcript).observe(() => dirty.add(liveRoots.transcript));
  doc.on("afterAllTransactions", () => {
    if (dirty.size === 0) return;
    const view = readView(doc, state.get().view, dirty);
    dirty.clear();
    state.set({ ...state.get(), view });
  });

  const connection = keepConnected(doc, {
    takeTicket,
    params: () => (doc.store.clients.size === 0 ? LIVE_FROM_START : {}),
    onOpening: (provider) => {
      // It would encode all that comes once more, to send on what is its own: of an hour of talk 20 ms.
      doc.off("update", provider._updateHandler);
      provider.messageHandlers[MESSAGE_NOW] = (_encoder, decoder) => {
        const whole = decoding.readVarUint(decoder) === 1;
        state.set({ ...state.get(), view: readNow(state.get().view, whole, decoding.readVarString(decoder)) });
      };
    },
    onSynced: () => connectionIs("live"),
    onLost: () => connectionIs("lost"),
    onRefused: () => connectionIs("refused"),
  });
  return {
    get: state.get,
    subscribe: state.subscribe,
    hurry: connection.hurry,
    dispose: () => {
      connection.dispose();
      doc.destroy();
    },
  };
}
