import { takeNotesTicketByAccount } from "@verbatim/shared/api/notes";
import type { WhichNotes } from "@verbatim/shared/document/notes";
import { useCallback } from "react";
import { call } from "../api/call.ts";
import type { Moments } from "../notes/moment.ts";
import styles from "../notes/notes.module.css";
import { NotesPanel } from "../notes/notes-panel.tsx";
import { createNotesShelf } from "../notes/notes-shelf.ts";
import { useOwned } from "../observable/use-owned.ts";
import { useWords } from "../words/words.ts";

/** Notes on the interview's page: a moment is where the player stands, and pressing one plays from there. */
export function ReviewNotes({ interviewId, moments }: { interviewId: string; moments: Moments }) {
  const { notes: words } = useWords();
  const shelf = useOwned(createNotesShelf);
  const takeTicket = useCallback(
    (which: WhichNotes) => (signal: AbortSignal) =>
      call(takeNotesTicketByAccount, { which }, { params: { interviewId }, signal }),
    [interviewId],
  );
  if (!shelf) return null;
  return (
    <div className={styles["card"]}>
      <h2>{words.title}</h2>
      <NotesPanel shelf={shelf} takeTicket={takeTicket} moments={moments} lasting />
    </div>
  );
}
