import type { ReactNode } from "react";
import styles from "./with-commands.module.css";

/** A text in which `commands` stand between backticks: each is shown on one line, for who types it after. */
export const withCommands = (text: string): ReactNode =>
  text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={part} className={styles["command"]}>
        {part}
      </code>
    ),
  );
