import type { Entry } from "@verbatim/shared/api/call";
import { replayInCall } from "@verbatim/shared/api/replay";
import { type ReactNode, useEffect } from "react";
import { call as callApi } from "../api/call.ts";
import { emptyView } from "../document/live-view.ts";
import { followLiveDocument, type LiveDocument } from "../document/live-document.ts";
import { marksInCall } from "../marks/mark-stores.ts";
import { useObservable } from "../observable/use-observable.ts";
import { useOwned } from "../observable/use-owned.ts";
import { createReplay } from "../replay/create-replay.ts";
import { ReplayContext } from "../replay/replay-context.ts";
import type { Call, CallState } from "../session/call.ts";
import type { CallTickets } from "../session/tickets.ts";
import { watchNetwork } from "../session/watch-network.ts";
import { CallContext, callView } from "./call-view.ts";
import { HostScreen } from "./host-screen.tsx";
import { MarkStoreContext } from "./marks-in-call.tsx";
import { ObserverScreen } from "./observer-screen.tsx";

type Props = {
  readonly call: Call;
  readonly documents: CallTickets;
  readonly entry: Entry;
  readonly state: CallState;
  /** What stands there until the call is drawn; undefined: draw it. */
  readonly meanwhile: ReactNode | undefined;
};

const none: Pick<LiveDocument, "get" | "subscribe"> = {
  get: () => connecting,
  subscribe: () => () => {},
};
const connecting = { connection: "connecting", view: emptyView } as const;

/** The call of those who may read the live document, which is opened at once. */
export function StaffRoom({ call, documents, entry, state, meanwhile }: Props) {
  const live = useOwned(() => followLiveDocument({ takeTicket: documents.take }));
  const marks = useOwned(() => marksInCall(entry));
  const { interviewId, role } = entry;
  const replay = useOwned(() =>
    createReplay({
      ask: (at, signal) => callApi(replayInCall, at, { params: { interviewId, role }, signal }),
      nowMs: Date.now,
    }),
  );
  const liveState = useObservable(live ?? none);
  useEffect(() => {
    if (live) return watchNetwork(window, { changed: live.hurry, woke: live.hurry });
    return undefined;
  }, [live]);
  if (!marks || !replay || meanwhile !== undefined) return meanwhile ?? null;
  return (
    <CallContext value={callView(call, entry, state, liveState)}>
      <MarkStoreContext value={marks}>
        <ReplayContext value={replay}>{entry.role === "observer" ? <ObserverScreen /> : <HostScreen />}</ReplayContext>
      </MarkStoreContext>
    </CallContext>
  );
}
