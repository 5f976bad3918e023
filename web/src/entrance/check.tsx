import { IconAlertTriangle, IconCircle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";
import styles from "./entrance.module.css";

type Props = {
  readonly name: string;
  readonly state: "open" | "good" | "wrong";
  readonly said: string;
  readonly fault?: { readonly what: string; readonly now: string } | undefined;
  readonly children?: ReactNode;
};

/** One thing to be checked: its state by icon and word, its remedy where it needs one. */
export function Check({ name, state, said, fault, children }: Props) {
  const { entrance } = useWords();
  return (
    <section className={styles["check"]} aria-label={name} data-check={state}>
      <h2 className={styles["checkHead"]}>
        {state === "good" && <IconCircleCheck data-good size={20} aria-label={entrance.devices.checked} />}
        {state === "wrong" && <IconAlertTriangle data-wrong size={20} aria-label={entrance.devices.wrong} />}
        {state === "open" && <IconCircle size={20} aria-hidden />}
        {name}
      </h2>
      {children}
      <p className={styles["said"]} role="status">
        {fault ? `${fault.what} ${fault.now}` : said}
      </p>
    </section>
  );
}
