import type { Entry } from "@verbatim/shared/api/call";
import { useEffect } from "react";
import { emptyView } from "../document/live-view.ts";
import { followLiveDocument, type LiveDocument } from "../document/live-document.ts";
import { marksInCall } from "../marks/mark-stores.ts";
import { createNotesShelf, NotesShelfContext } from "../notes/notes-shelf.ts";
import { useObservable } from "../observable/use-observable.ts";
import { useOwned } from "../observable/use-owned.ts";
import type { Call, CallState } from "../session/call.ts";
import { ticketsFor } from "../session/tickets.ts";
import { watchNetwork } from "../session/watch-network.ts";
import { CallContext, callView } from "./call-view.ts";
import { HostScreen } from "./host-screen.tsx";
import { MarkStoreContext } from "./marks-in-call.tsx";
import { ObserverScreen } from "./observer-screen.tsx";

type Props = { readonly call: Call; readonly entry: Entry; readonly state: CallState };

const none: Pick<LiveDocument, "get" | "subscribe"> = {
  get: () => connecting,
  subscribe: () => () => {},
};
const connecting = { connection: "connecting", view: emptyView } as const;

/** The call of those who may read the live document. */
export function StaffRoom({ call, entry, state }: Props) {
  const live = useOwned(() =>
    followLiveDocument({ takeTicket: ticketsFor(entry.interviewId, entry.role, "document") }),
  );
  const marks = useOwned(() => marksInCall(entry));
  const notes = useOwned(createNotesShelf);
  const liveState = useObservable(live ?? none);
  useEffect(() => {
    if (live) return watchNetwork(window, { changed: live.hurry, woke: live.hurry });
    return undefined;
  }, [live]);
  if (!marks) return null;
  return (
    <CallContext value={callView(call, entry, state, liveState)}>
      <MarkStoreContext value={marks}>
        <NotesShelfContext value={notes}>
          {entry.role === "observer" ? <ObserverScreen /> : <HostScreen />}
        </NotesShelfContext>
      </MarkStoreContext>
    </CallContext>
  );
}
