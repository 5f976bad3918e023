import type { WhichNotes } from "@verbatim/shared/document/notes";
import { createContext } from "react";
import type { Notes } from "./follow-notes.ts";

/** Documents of notes that were opened on this page: they go on when their tab is left, with what could not be sent yet. */
export type NotesShelf = {
  readonly take: (which: WhichNotes, make: () => Notes) => Notes;
  /** Lets go of one; the next who asks makes it anew. */
  readonly drop: (which: WhichNotes) => void;
  readonly dispose: () => void;
};

export function createNotesShelf(): NotesShelf {
  const open = new Map<WhichNotes, Notes>();
  const drop = (which: WhichNotes): void => {
    open.get(which)?.dispose();
    open.delete(which);
  };
  return {
    take(which, make) {
      const notes = open.get(which) ?? make();
      open.set(which, notes);
      return notes;
    },
    drop,
    dispose: () => [...open.keys()].forEach(drop),
  };
}

export const NotesShelfContext = createContext<NotesShelf | undefined>(undefined);
