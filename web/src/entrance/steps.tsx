import { IconCheck } from "@tabler/icons-react";
import { useWords } from "../words/words.ts";
import styles from "./entrance.module.css";

/** Where on the way in the candidate is: 0, 1 or 2. */
export function Steps({ at }: { at: number }) {
  const { entrance } = useWords();
  return (
    <ol className={styles["steps"]} aria-label={entrance.stepsLabel}>
      {entrance.steps.map((name, index) => (
        <li
          key={name}
          data-state={index < at ? "done" : index === at ? "now" : "next"}
          aria-current={index === at ? "step" : undefined}
        >
          <span aria-hidden>{index < at ? <IconCheck size={16} /> : index + 1}</span>
          {name}
        </li>
      ))}
    </ol>
  );
}
