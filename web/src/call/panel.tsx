import { CloseButton } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./call-floor.module.css";

type Props = {
  readonly title: string;
  readonly close: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** What one opens over the lower right of the call and closes again: devices, the list of keys. */
export function Panel({ title, close, onClose, children }: Props) {
  return (
    <section className={styles["panel"]} data-panel aria-label={title}>
      <div className={styles["panelHead"]}>
        <h2>{title}</h2>
        <CloseButton size={44} aria-label={close} onClick={onClose} />
      </div>
      {children}
    </section>
  );
}
