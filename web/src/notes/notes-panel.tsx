import { SegmentedControl } from "@mantine/core";
import type { WhichNotes } from "@verbatim/shared/document/notes";
import { useEffect, useState } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { watchNetwork } from "../session/watch-network.ts";
import { useWords } from "../words/words.ts";
import { followNotes, type Notes, type NotesDeps } from "./follow-notes.ts";
import type { Moments } from "./moment.ts";
import { NotesEditor } from "./notes-editor.tsx";
import type { NotesShelf } from "./notes-shelf.ts";
import { NotesStatus } from "./notes-status.tsx";
import styles from "./notes.module.css";

type Props = {
  readonly shelf: NotesShelf;
  readonly takeTicket: (which: WhichNotes) => NotesDeps["takeTicket"];
  readonly moments: Moments;
  /** Whether private notes can be read after the call, too. */
  readonly lasting: boolean;
};

/** Shared and private notes, one of them at a time. */
export function NotesPanel({ shelf, takeTicket, moments, lasting }: Props) {
  const { notes: words } = useWords();
  const [which, setWhich] = useState<WhichNotes>("shared");
  const [anew, setAnew] = useState(0);
  const again = (): void => {
    shelf.drop(which);
    setAnew(anew + 1);
  };
  return (
    <section className={styles["notes"]} aria-label={words.title}>
      <SegmentedControl
        className={styles["which"] ?? ""}
        aria-label={words.which}
        value={which}
        onChange={(value) => setWhich(value === "private" ? "private" : "shared")}
        data={(["shared", "private"] as const).map((value) => ({ value, label: words[value] }))}
      />
      <p className={styles["hint"]}>{which === "shared" ? words.forAll : lasting ? words.forMe : words.forMeInCall}</p>
      <OpenNotes
        key={`${which}${anew}`}
        which={which}
        take={() => shelf.take(which, () => followNotes({ takeTicket: takeTicket(which) }))}
        moments={moments}
        onAgain={again}
      />
    </section>
  );
}

type OpenProps = {
  readonly which: WhichNotes;
  readonly take: () => Notes;
  readonly moments: Moments;
  readonly onAgain: () => void;
};

function OpenNotes({ which, take, moments, onAgain }: OpenProps) {
  const { notes: words } = useWords();
  const [notes] = useState(take);
  useEffect(() => watchNetwork(window, { changed: notes.hurry, woke: notes.hurry }), [notes]);
  const state = useObservable(notes);
  const discard = (): void => {
    notes.discard();
    onAgain();
  };
  return (
    <>
      <NotesStatus state={state} onAgain={onAgain} onDiscard={discard} />
      {state.ready && <NotesEditor which={which} notes={notes} moments={moments} />}
      {state.others.length > 0 && which === "shared" && (
        <p className={styles["others"]}>{words.withYou(state.others.map(({ name }) => name).join(", "))}</p>
      )}
    </>
  );
}
