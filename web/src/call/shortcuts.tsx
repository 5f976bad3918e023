import { speaks } from "@verbatim/shared/ids";
import { useWords } from "../words/words.ts";
import styles from "./call-floor.module.css";
import { useCallView } from "./call-view.ts";

/** The keys that do something on this page. */
export function Shortcuts() {
  const { call: words } = useWords();
  const { entry } = useCallView();
  const { speaking, staff, everybody } = words.shortcuts;
  const list = [...(speaks(entry.role) ? speaking : []), ...(entry.role === "candidate" ? [] : staff), ...everybody];
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
