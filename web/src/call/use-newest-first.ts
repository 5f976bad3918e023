import { useEffect, useState } from "react";

/** More lines than a screen has room for. */
const SCREENFUL = 40;
const TIMES_MORE = 4;

/**
 * Of the lines of a long talk the newest are drawn at once, and the others behind that in steps between which the page can
 * do something else. Answers how many of the oldest are still left out; once none was, none is any more.
 */
export function useNewestFirst(count: number): number {
  const [drawn, setDrawn] = useState(SCREENFUL);
  const more = count > 0 && drawn < Infinity;
  useEffect(() => {
    if (!more) return;
    const timer = setTimeout(() => setDrawn(drawn < count ? drawn * TIMES_MORE : Infinity));
    return () => clearTimeout(timer);
  }, [more, drawn, count]);
  return Math.max(0, count - drawn);
}
