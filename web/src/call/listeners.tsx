import { useClickOutside } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./listeners.module.css";

/** Who listens: how many and as many names as there is room for; a press opens the whole list. Nobody listens unseen. */
export function Listeners() {
  const { call: words } = useWords();
  const { participants } = useCallView();
  const [open, setOpen] = useState(false);
  const place = useClickOutside<HTMLDivElement>(() => setOpen(false));
  const id = useId();
  const listening = participants.filter(({ role, presence }) => role === "observer" && presence !== "left");
  const names = listening.map(({ name }) => name).join(", ");
  const count = words.listening(listening.length);
  return (
    <div
      ref={place}
      className={styles["place"]}
      data-listeners={listening.length}
      onKeyDown={(event) => {
        if (event.key === "Escape") setOpen(false);
      }}
    >
      <button
        type="button"
        className={styles["button"]}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className={styles["count"]}>{count}</span>{" "}
        {names !== "" && <span className={styles["names"]}>{names}</span>}
        <IconChevronDown size={16} aria-hidden />
      </button>
      <section id={id} className={styles["list"]} aria-label={words.whoListens} hidden={!open}>
        <h2>{words.whoListens}</h2>
        {listening.length > 0 && (
          <ul>
            {listening.map(({ seatId, name, presence }) => (
              <li key={seatId}>
                <strong>{name}</strong> <small>{words.presence[presence]}</small>
              </li>
            ))}
          </ul>
        )}
        <p>{listening.length === 0 ? words.noListenersYet : words.nobodyUnseen}</p>
      </section>
    </div>
  );
}
