import { useEffect } from "react";
import type { Notes } from "../notes/follow-notes.ts";
import type { NotesShelf } from "../notes/notes-shelf.ts";
import { useObservable } from "../observable/use-observable.ts";
import type { Session } from "../session/step.ts";

const none: Pick<NotesShelf["last"], "get" | "subscribe"> = { get: () => undefined, subscribe: () => () => {} };

/**
 * Shared notes that were not stored when the call ended: who came by a link has no other page to send them from. Whoever is
 * out in another way lets go of all notes; those stay in the browser until they are back.
 */
export function useLastNotes(shelf: NotesShelf | undefined, session: Session): Notes | undefined {
  const why = session.phase === "over" ? session.why : undefined;
  useEffect(() => {
    if (why === "ended") shelf?.finish();
    else if (why !== undefined) shelf?.dispose();
  }, [shelf, why]);
  return useObservable(shelf?.last ?? none);
}
