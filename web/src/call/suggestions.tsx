import { useWords } from "../words/words.ts";
import { Covered } from "./covered.tsx";
import styles from "./rail.module.css";

/** The place of follow-up suggestions; nothing makes any yet, and the page says so. */
export function Suggestions() {
  const { call: words } = useWords();
  return (
    <Covered>
      <section className={styles["suggestions"]} aria-label={words.rail.suggestions}>
        <h2>{words.rail.suggestions}</h2>
        <p>{words.rail.noSuggestions}</p>
      </section>
    </Covered>
  );
}
