import type { WhichNotes } from "@verbatim/shared/document/notes";
import { createContext } from "react";
import { createObservable, type Observable } from "../observable/observable.ts";
import type { Notes } from "./follow-notes.ts";

/** Documents of notes that were opened on this page: they go on when their tab is left, with what could not be sent yet. */
export type NotesShelf = {
  readonly take: (which: WhichNotes, make: () => Notes) => Notes;
  /** Lets go of one; the next who asks makes it anew. */
  readonly drop: (which: WhichNotes) => void;
  /** The call has ended: lets go of all but shared notes that are not stored yet, and of those when they are. */
  readonly finish: () => void;
  /** The notes that were not stored when the call ended. */
  readonly last: Observable<Notes | undefined>;
  readonly dispose: () => void;
};

export function createNotesShelf(): NotesShelf {
  const open = new Map<WhichNotes, Notes>();
  const last = createObservable<Notes | undefined>(undefined);
  const drop = (which: WhichNotes): void => {
    const notes = open.get(which);
    open.delete(which);
    notes?.dispose();
  };
  return {
    take(which, make) {
      const notes = open.get(which) ?? make();
      open.set(which, notes);
      return notes;
    },
    drop,
    finish() {
      drop("private");
      const shared = open.get("shared");
      if (!shared || shared.get().saved) return drop("shared");
      last.set(shared);
      // Not while the frame that says so is still being read.
      shared.subscribe(() => shared.get().saved && queueMicrotask(() => drop("shared")));
      shared.hurry();
    },
    last,
    dispose: () => [...open.keys()].forEach(drop),
  };
}

export const NotesShelfContext = createContext<NotesShelf | undefined>(undefined);
