import { useEffect, useRef } from "react";
import { useMarks } from "../marks/marks-context.ts";
import { MarksPanel } from "../marks/marks-panel.tsx";
import { useWords } from "../words/words.ts";
import { Covered } from "./covered.tsx";
import cards from "../parts/cards.module.css";
import styles from "./rail.module.css";

/** Annotations during the call, folded away until somebody opens them or presses annotated words. */
export function LiveMarks() {
  const { marks: words } = useWords();
  const { shown, chosen, selection } = useMarks();
  const selecting = selection !== undefined;
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (chosen && box.current) box.current.open = true;
  }, [chosen]);
  useEffect(() => {
    // What is done with the words needs the room.
    if (selecting && box.current) box.current.open = false;
  }, [selecting]);
  return (
    <Covered>
      <details ref={box} className={`${styles["marks"]} ${cards["folded"]}`}>
        <summary>{words.count(shown.length)}</summary>
        <MarksPanel />
      </details>
    </Covered>
  );
}
