import { Children, type ReactNode } from "react";
import styles from "./bar.module.css";

/** One question or warning: a sentence and at most two buttons; who leaves with control has more. */
export function Bar({ tone, children }: { tone: "attention" | "question" | "quiet"; children: ReactNode }) {
  const parts = Children.toArray(children);
  const text = parts.filter((part) => typeof part === "string").join("");
  const actions = parts.filter((part) => typeof part !== "string");
  return (
    <div className={styles["bar"]} data-tone={tone} role={tone === "quiet" ? "status" : "alert"}>
      <p>{text}</p>
      {actions.length > 0 && <div className={styles["actions"]}>{actions}</div>}
    </div>
  );
}
