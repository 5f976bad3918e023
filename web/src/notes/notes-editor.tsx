import type { Editor } from "@tiptap/core";
import type { WhichNotes } from "@verbatim/shared/document/notes";
import { useEffect, useRef, useState } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { createEditor } from "./create-editor.ts";
import type { Notes } from "./follow-notes.ts";
import type { Moments } from "./moment.ts";
import styles from "./notes.module.css";
import { NotesTools } from "./notes-tools.tsx";

type Props = { readonly which: WhichNotes; readonly notes: Notes; readonly moments: Moments };

/** What one writes in. Its owner shows it when the document has come. */
export function NotesEditor({ which, notes, moments }: Props) {
  const { notes: words } = useWords();
  const { connection, crowded } = useObservable(notes);
  const box = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor>();
  const [tooLong, setTooLong] = useState(false);
  const latest = useRef(moments);
  useEffect(() => {
    latest.current = moments;
  }, [moments]);
  const label = words.label[which];
  const placeholder = moments.now() ? words.placeholder : words.noMoment;
  const first = useRef(placeholder);

  useEffect(() => {
    if (!box.current) return undefined;
    const made = createEditor({
      element: box.current,
      notes,
      moments: () => latest.current,
      label,
      placeholder: first.current,
      className: styles["text"] ?? "",
      onTooLong: () => setTooLong(true),
    });
    made.on("update", () => setTooLong(false));
    setEditor(made);
    return () => {
      made.destroy();
      setEditor(undefined);
    };
  }, [notes, label]);

  const closed = connection === "full" || connection === "refused" || crowded;
  useEffect(() => {
    editor?.setEditable(!closed, false);
  }, [editor, closed]);

  return (
    <>
      {editor && <NotesTools editor={editor} moments={moments} disabled={closed} />}
      {tooLong && (
        <p className={styles["tooLong"]} role="alert">
          {words.tooLong}
        </p>
      )}
      <div ref={box} className={styles["box"]} />
    </>
  );
}
