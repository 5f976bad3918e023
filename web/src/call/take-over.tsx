import { Button } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./take-over.module.css";
import type { RecordingControl } from "./use-control.ts";

/** "Take over" opens its question in place, above itself. */
export function TakeOver({ control, below = false }: { control: RecordingControl; below?: boolean }) {
  const { call: words } = useWords();
  const { recording } = useCallView();
  const [open, setOpen] = useState(false);
  const question =
    recording.controllerName === "" ? words.takeOver.questionNone : words.takeOver.question(recording.controllerName);
  return (
    <div className={styles["place"]}>
      <Button
        variant="default"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        loading={control.pending === "take_over"}
      >
        {words.controls.takeOver}
      </Button>
      {open && (
        <div
          className={styles["question"]}
          data-below={below}
          role="group"
          aria-label={words.controls.takeOver}
          onKeyDown={(event) => {
            if (event.key === "Escape") setOpen(false);
          }}
        >
          <p>{question}</p>
          <Button
            autoFocus
            onClick={() => {
              setOpen(false);
              control.ask("take_over");
            }}
          >
            {words.takeOver.yes}
          </Button>
          <Button variant="default" onClick={() => setOpen(false)}>
            {words.takeOver.no}
          </Button>
        </div>
      )}
    </div>
  );
}
