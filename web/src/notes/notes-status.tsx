import { Button } from "@mantine/core";
import { useWords, type Words } from "../words/words.ts";
import type { NotesState } from "./follow-notes.ts";
import styles from "./notes.module.css";

/** Where what one typed is now. */
export function NotesStatus({
  state,
  onAgain,
  onDiscard,
}: {
  state: NotesState;
  onAgain: () => void;
  onDiscard: () => void;
}) {
  const { notes: words } = useWords();
  const { connection } = state;
  return (
    <p
      className={styles["status"]}
      role="status"
      data-notes={state.saved ? "saved" : "unsaved"}
      data-connection={connection}
    >
      <span>{textOf(state, words)}</span>
      {connection === "refused" && (
        <Button variant="default" onClick={onAgain}>
          {words.again}
        </Button>
      )}
      {connection === "full" && (
        <Button variant="default" onClick={onDiscard}>
          {words.discard}
        </Button>
      )}
    </p>
  );
}

function textOf({ connection, ready, saved, kept, crowded }: NotesState, words: Words["notes"]): string {
  if (connection === "refused") return words.refused;
  if (connection === "full") return words.full;
  if (!ready) return words.loading;
  if (crowded) return words.crowded;
  if (connection === "live") return saved ? words.saved : words.saving;
  if (saved) return words.offline;
  return kept ? words.offlineKept : words.offlineOpen;
}
