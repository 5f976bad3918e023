import type { Suggestion, SuggestionState } from "@verbatim/shared/plan/suggestion";
import { IconCheck, IconPin, IconPinnedOff, IconPlayerPlay, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";
import { usePlayWords } from "./use-play-words.ts";
import cards from "../parts/cards.module.css";
import iconButton from "../parts/icon-button.module.css";
import styles from "./suggestions.module.css";

type Props = {
  readonly suggestion: Suggestion;
  /** Others in the list were made in another way. */
  readonly tellsMaker: boolean;
  readonly onMark: (state: SuggestionState) => void;
};

/** One follow-up question, with the words it comes from. */
export function SuggestionCard({ suggestion, tellsMaker, onMark }: Props) {
  const words = useWords().plan.live;
  const play = usePlayWords();
  const { text, competency, quote, source, state, byName } = suggestion;
  const pinned = state === "pinned";
  const facts = [competency, pinned && words.pinnedBy(byName), tellsMaker && words.madeBy[source]].filter(Boolean);
  const button = (name: string, icon: ReactNode, next: SuggestionState): ReactNode => (
    <button
      type="button"
      className={iconButton["button"]}
      aria-label={words.markName(name, text)}
      title={name}
      onClick={() => onMark(next)}
    >
      {icon}
    </button>
  );
  return (
    <li
      className={styles["card"]}
      data-suggestion={state}
      data-suggestion-id={suggestion.id}
      data-pinned={pinned || undefined}
    >
      <div>
        <p className={cards["text"]}>{text}</p>
        {facts.length > 0 && <p className={cards["quiet"]}>{facts.join(" · ")}</p>}
        {quote && (
          <button
            type="button"
            className={cards["quote"]}
            aria-label={words.playName(quote.text)}
            onClick={() => play(quote)}
          >
            <IconPlayerPlay size={16} aria-hidden />
            {words.show(quote.text)}
          </button>
        )}
      </div>
      <div className={styles["marks"]}>
        {button(words.asked, <IconCheck size={20} aria-hidden />, "asked")}
        {pinned
          ? button(words.unpin, <IconPinnedOff size={20} aria-hidden />, "open")
          : button(words.pin, <IconPin size={20} aria-hidden />, "pinned")}
        {button(words.dismiss, <IconX size={20} aria-hidden />, "dismissed")}
      </div>
    </li>
  );
}
