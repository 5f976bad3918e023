import {
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type RefObject,
} from "react";
import { type Found, findWords, type Passage, sameFound } from "./find-words.ts";
import { markWords, wordsOf } from "./show-words.ts";

export type WordSearch = {
  /** Undefined while nobody searches. */
  readonly text: string | undefined;
  readonly count: number;
  /** Which of them is shown, from 1; 0 for none. */
  readonly at: number;
  readonly open: () => void;
  readonly close: () => void;
  readonly type: (text: string) => void;
  readonly next: () => void;
  readonly previous: () => void;
};

/**
 * Looks for words in the passages that stand in `box` (`data-segment-id` around `data-word`), and marks them there by
 * hand: thousands of words are not drawn anew for it. `show` brings the first word of a place into view.
 */
export function useWordSearch(of: {
  readonly box: RefObject<HTMLElement | null>;
  readonly passages: readonly Passage[];
  readonly show: (word: Element) => void;
  /** Where one begins: at what was said last, or first. */
  readonly from: "newest" | "oldest";
}): WordSearch {
  const { box, passages, show, from } = of;
  const [text, setText] = useState<string>();
  const [current, setCurrent] = useState<Found>();
  const wanted = useDeferredValue(text);
  const found = useMemo(() => findWords(passages, wanted ?? ""), [passages, wanted]);
  const at = found.findIndex((each) => sameFound(each, current));

  const go = useCallback(
    (to: Found | undefined) => {
      setCurrent(to);
      const [word] = to ? wordsOf(box.current, to) : [];
      if (word) show(word);
    },
    [box, show],
  );
  // What was typed leads to its first place; places that come later with new words do not.
  const shownFor = useRef<string>(undefined);
  useEffect(() => {
    if (wanted === shownFor.current) return;
    shownFor.current = wanted;
    go(from === "newest" ? found.at(-1) : found[0]);
  }, [wanted, found, from, go]);

  useLayoutEffect(() => {
    const marks = found.map((place, index) =>
      markWords(wordsOf(box.current, place), "data-found", index === at ? "current" : ""),
    );
    return () => {
      for (const unmark of marks) unmark();
    };
  }, [box, found, at]);

  const step = (by: 1 | -1): void => {
    if (found.length === 0) return;
    const start = at < 0 ? (by > 0 ? -1 : found.length) : at;
    go(found[(start + by + found.length) % found.length]);
  };
  return {
    text,
    count: found.length,
    at: at + 1,
    open: useCallback(() => setText((now) => now ?? ""), []),
    close: useCallback(() => setText(undefined), []),
    type: setText,
    next: () => step(1),
    previous: () => step(-1),
  };
}
