import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { news } from "./news.ts";
import { useLamp } from "./use-lamp.ts";

/** Tells screen readers of joins, leaves, the recording and takeovers; not of every word, nor of every second. */
export function Announcer() {
  const words = useWords();
  const { participants, recording } = useCallView();
  const lamp = useLamp();
  const stale = lamp.mark === "stale";
  const before = useRef({ participants, recording, stale });
  const [said, setSaid] = useState("");
  const tell = useEffectEvent((now: typeof before.current) => {
    const told = news(before.current, now, words, lamp.text);
    before.current = now;
    if (told.length > 0) setSaid(told.join(". "));
  });
  useEffect(() => tell({ participants, recording, stale }), [participants, recording, stale]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}
