import { CloseButton } from "@mantine/core";
import { speaks } from "@verbatim/shared/ids";
import { useWords } from "../words/words.ts";
import styles from "./call-floor.module.css";
import { useCallView } from "./call-view.ts";

/** The keys that do something on this page. */
export function Shortcuts() {
  const { call: words } = useWords();
  const { entry } = useCallView();
  const { speaking, everybody } = words.shortcuts;
  const list = speaks(entry.role) ? [...speaking, ...everybody] : everybody;
  return (
    <dl className={styles["keys"]}>
      {list.map(([key, what]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The list over the page of somebody who listens. */
export function ShortcutsPanel({ onClose }: { onClose: () => void }) {
  const { call: words } = useWords();
  return (
    <section className={styles["panel"]} aria-label={words.shortcuts.title}>
      <div className={styles["panelHead"]}>
        <h2>{words.shortcuts.title}</h2>
        <CloseButton size={44} aria-label={words.shortcuts.close} onClick={onClose} />
      </div>
      <Shortcuts />
    </section>
  );
}
