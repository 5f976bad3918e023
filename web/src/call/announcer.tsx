import { useEffect, useRef, useState } from "react";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { lampView } from "./lamp-view.ts";
import { news } from "./news.ts";

/** Tells screen readers of joins, leaves, the recording and takeovers; not of every word. */
export function Announcer() {
  const words = useWords();
  const view = useCallView();
  const before = useRef(view);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const lamp = lampView(view.recording, Date.now(), words.call.lamp).text;
    const told = news(before.current, view, words, lamp);
    before.current = view;
    if (told.length > 0) setSaid(told.join(". "));
  }, [view, words]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}
