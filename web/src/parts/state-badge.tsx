import type { InterviewState } from "@verbatim/shared/api/interviews";
import { useWords } from "../words/words.ts";
import styles from "./state-badge.module.css";

/** An interview's state in words, with a shape beside the colour. */
export function StateBadge({ state }: { state: InterviewState }) {
  const { desk } = useWords();
  return (
    <span className={styles["badge"]} data-state={state}>
      <i aria-hidden />
      {desk.states[state]}
    </span>
  );
}
