import { useEffect, useState } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { sideOf } from "../parts/side-of.ts";
import { useWords } from "../words/words.ts";
import { nameOf, useCallView } from "./call-view.ts";
import styles from "./captions.module.css";

/** How long the last words stay when nobody goes on. */
const STAY_MS = 6_000;

/** Two reserved lines under the picture. Staff read the live document's words, the candidate what signalling brings. */
export function Captions({ shown }: { shown: boolean }) {
  const { call: words } = useWords();
  const { call, live, participants } = useCallView();
  const fromSignal = useObservable(call.captions);
  const interim = live?.view.interim.at(-1);
  const final = live?.view.segments.at(-1);
  const last = fromSignal.at(-1);
  const now = live ? (interim ?? final) : last;
  const key = now ? `${now.seatId}:${now.text}` : "";
  const [gone, setGone] = useState("");
  useEffect(() => {
    if (key === "") return;
    const timer = setTimeout(() => setGone(key), STAY_MS);
    return () => clearTimeout(timer);
  }, [key]);
  const visible = shown && now && key !== gone && now.text !== "";
  const person = now ? participants.find(({ seatId }) => seatId === now.seatId) : undefined;
  return (
    <div className={styles["captions"]} role="region" aria-label={words.captions.label} data-captions={shown}>
      {visible && (
        <p data-side={sideOf(person?.role)}>
          <strong>{nameOf(participants, now.seatId)}</strong> <span>{now.text}</span>
        </p>
      )}
    </div>
  );
}
