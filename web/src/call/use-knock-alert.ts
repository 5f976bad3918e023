import { useEffect, useRef } from "react";
import { playTestSound } from "../media/test-sound.ts";

/** Somebody waits: two notes for each who comes, and their number before the page's title, for who looks elsewhere. */
export function useKnockAlert(keys: readonly string[], speakerId: string): void {
  const heard = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (keys.some((key) => !heard.current.has(key))) {
      playTestSound(speakerId).catch(() => {
        // The browser plays nothing before the first press on the page: the question and the title say it too.
      });
    }
    heard.current = new Set(keys);
    if (keys.length === 0) return;
    const title = document.title;
    document.title = `(${keys.length}) ${title}`;
    return () => {
      document.title = title;
    };
    // By what the keys are, not by which list holds them.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [keys.join(" "), speakerId]);
}
