import type { Review } from "@verbatim/shared/api/interviews";
import { clockOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import styles from "./review.module.css";
import type { Sound } from "./use-sound.ts";

type Props = {
  readonly suggestions: Review["suggestions"];
  readonly sound: Sound;
};

/** Follow-up questions that somebody asked or pinned, each with the words it came from: a press plays them. */
export function KeptSuggestions({ suggestions, sound }: Props) {
  const { review: words, plan } = useWords();
  const kept = suggestions.filter(({ state }) => state === "asked" || state === "pinned");
  if (kept.length === 0) return null;
  return (
    <aside className={styles["coverage"]} aria-label={words.suggestions}>
      <h2>{words.suggestions}</h2>
      <ul>
        {kept.map(({ id, text, competency, quote, source, state, byName }) => (
          <li key={id} data-suggestion={state}>
            <div>
              {text}
              <p>
                {[words.suggested[state === "asked" ? "asked" : "pinned"](byName), competency, plan.live.madeBy[source]]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
              {quote && (
                <button
                  type="button"
                  aria-label={words.playFrom(quote.text, clockOf(quote.startMs))}
                  onClick={() => sound.play(quote.startMs, quote.endMs)}
                >
                  “{quote.text}” {clockOf(quote.startMs)}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </aside>
  );
}
