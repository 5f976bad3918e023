import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { intoMiddle } from "../search/into-middle.ts";

/** Nearer to the end than this, one who scrolls down reads along again. */
const AT_END_PX = 32;
/** A hand that scrolls up this far has left the end; less is a browser's rounding. */
const LEFT_PX = 4;

export type Follow = {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly following: boolean;
  readonly onScroll: () => void;
  /** Back to the end, and along with it. */
  readonly follow: () => void;
  /** Brings something of the content into the middle, and stays there. */
  readonly stayAt: (element: Element) => void;
};

/**
 * A box that follows the end of what grows in it until one scrolls back. Then it keeps its place: `--back` holds how far
 * down one reads, and the style makes the content at least that long, so that nothing that goes from its end pulls it down.
 */
export function useFollow(): Follow {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const follows = useRef(true);
  const lastTop = useRef(0);

  const set = useCallback((next: boolean) => {
    follows.current = next;
    setFollowing(next);
    if (next) content.current?.style.removeProperty("--back");
    else content.current?.style.setProperty("--back", `${Math.ceil(box.current?.scrollTop ?? 0)}px`);
  }, []);
  const toEnd = useCallback(() => {
    const scroller = box.current;
    if (!scroller || !follows.current) return;
    scroller.scrollTop = scroller.scrollHeight;
    lastTop.current = scroller.scrollTop;
  }, []);
  useLayoutEffect(toEnd);
  useEffect(() => {
    // What stands around it takes room and gives it back.
    const sizes = new ResizeObserver(toEnd);
    if (box.current) sizes.observe(box.current);
    if (content.current) sizes.observe(content.current);
    return () => sizes.disconnect();
  }, [toEnd]);

  const onScroll = useCallback(() => {
    const scroller = box.current;
    if (!scroller) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const fromEnd = scrollHeight - scrollTop - clientHeight;
    const moved = scrollTop - lastTop.current;
    lastTop.current = scrollTop;
    // Words that came meanwhile put the end further down, words that went may pull us up to it: neither is a hand.
    if (follows.current) return moved < -1 && fromEnd > LEFT_PX ? set(false) : undefined;
    set(moved > 1 && fromEnd < AT_END_PX);
  }, [set]);

  const follow = useCallback(() => {
    set(true);
    toEnd();
  }, [set, toEnd]);
  const stayAt = useCallback(
    (element: Element) => {
      const scroller = box.current;
      if (!scroller) return;
      intoMiddle(scroller, element);
      lastTop.current = scroller.scrollTop;
      set(false);
    },
    [set],
  );
  return { box, content, following, onScroll, follow, stayAt };
}
