import type { ChatMessage } from "@verbatim/shared/api/chat";
import { fullTime } from "../clock/format.ts";
import { sideOf } from "../parts/side-of.ts";
import { useWords } from "../words/words.ts";
import styles from "./review.module.css";

/** What people wrote to one another in the call, as it is kept with the interview. */
export function KeptChat({ chat }: { chat: readonly ChatMessage[] }) {
  const { chat: words } = useWords();
  if (chat.length === 0) return null;
  return (
    <section className={styles["chat"]} aria-label={words.review}>
      <h2>{words.review}</h2>
      <ol>
        {chat.map(({ id, name, role, text, atMs }) => (
          <li key={id} data-side={sideOf(role)}>
            <span className={styles["speaker"]}>
              {name} <small>{fullTime(atMs)}</small>
            </span>
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
