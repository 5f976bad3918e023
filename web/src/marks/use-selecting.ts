import { type KeyboardEvent, type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from "react";
import type { Span } from "@verbatim/shared/marks/act";
import { wordFrom } from "../review/place-of-word.ts";
import type { Selection } from "./marks-context.ts";

type Options = {
  readonly box: RefObject<HTMLElement | null>;
  readonly selection: Selection | undefined;
  readonly select: (selection: Selection | undefined) => void;
  /** Two presses choose the first and the last word, as a finger does it. */
  readonly byPresses: boolean;
  readonly pressed: (word: HTMLElement) => void;
  /** The keyboard goes on to what can be done with the words. */
  readonly onward: () => void;
  /** The keyboard moved along the words, or scrolled. */
  readonly moved: () => void;
};

const WORD = "[data-word]";
const stop = `${WORD}[tabindex="0"]`;
const scrollKeys = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);

/**
 * Selecting words in a box of passages: by dragging a mouse, by Shift and a press, by two presses, by Shift and the arrow
 * keys. The words are one stop for the Tab key, at the word where one was last; arrow keys lead on from it.
 */
export function useSelecting(options: Options) {
  const { box, selection, select } = options;
  const anchor = useRef<HTMLElement>(undefined);
  /** A drag ends in a click that is none. */
  const dragged = useRef(false);

  useEffect(() => {
    if (!selection) anchor.current = undefined;
    for (const word of wordsIn(box.current)) word.toggleAttribute("data-selected", holds(selection, word));
  }, [box, selection]);
  useEffect(() => {
    if (!box.current?.querySelector(stop)) stopAt(box.current, box.current?.querySelector<HTMLElement>(WORD));
  });

  const between = (a: HTMLElement, b: HTMLElement): void => select(selectionBetween(wordsIn(box.current), a, b));
  const wordOf = (target: EventTarget | null): HTMLElement | undefined =>
    (target instanceof Element && box.current?.contains(target) && target.closest<HTMLElement>(WORD)) || undefined;

  return {
    onFocus: ({ target }: { readonly target: EventTarget }) => stopAt(box.current, wordOf(target)),
    onPointerDown: (event: PointerEvent) => {
      const start = wordOf(event.target);
      dragged.current = false;
      // The press itself moves the focus, from which it selects.
      if (event.shiftKey) anchor.current ??= box.current?.querySelector<HTMLElement>(stop) ?? undefined;
      if (!start || event.pointerType === "touch" || event.button !== 0 || event.shiftKey) return;
      const off = new AbortController();
      const move = ({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): void => {
        const over = wordOf(document.elementFromPoint(clientX, clientY));
        if (!over || (over === start && !dragged.current)) return;
        dragged.current = true;
        anchor.current = start;
        between(start, over);
      };
      addEventListener("pointermove", move, { signal: off.signal });
      addEventListener("pointerup", () => off.abort(), { signal: off.signal });
      addEventListener("pointercancel", () => off.abort(), { signal: off.signal });
    },
    onClick: (event: MouseEvent) => {
      const word = wordOf(event.target);
      if (dragged.current || !word) {
        dragged.current = false;
        anchor.current = undefined;
        return;
      }
      if (event.shiftKey) {
        anchor.current ??= word;
        return between(anchor.current, word);
      }
      if (options.byPresses) {
        const first = selection && anchor.current;
        between(first ?? word, word);
        anchor.current = first ? undefined : word;
      }
      options.pressed(word);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Escape" && selection) {
        event.stopPropagation();
        return select(undefined);
      }
      const word = wordOf(event.target);
      if (word && (event.key === "Enter" || event.key === " ") && (selection || options.byPresses)) {
        event.preventDefault();
        if (!selection) between(word, word);
        return options.onward();
      }
      if (scrollKeys.has(event.key)) options.moved();
      if (!word) return;
      const words = wordsIn(box.current);
      const to = words[wordFrom(placesOf(words), words.indexOf(word), event) ?? -1];
      if (!to) return;
      options.moved();
      event.preventDefault();
      if (event.shiftKey) {
        anchor.current ??= word;
        between(anchor.current, to);
      }
      to.focus();
    },
  };
}

const wordsIn = (box: HTMLElement | null): HTMLElement[] => [...(box?.querySelectorAll<HTMLElement>(WORD) ?? [])];

const segmentOf = (word: HTMLElement): string =>
  word.closest("[data-segment-id]")?.getAttribute("data-segment-id") ?? "";

const spanOf = (word: HTMLElement): Span => ({
  segmentId: segmentOf(word),
  from: Number(word.dataset["from"]),
  to: Number(word.dataset["to"]),
});

function placesOf(words: readonly HTMLElement[]): { readonly segment: number }[] {
  let segment = -1;
  let last = "";
  return words.map((word) => {
    const id = segmentOf(word);
    if (id !== last) segment++;
    last = id;
    return { segment };
  });
}

const overlap = (a: Span, b: Span): boolean => a.segmentId === b.segmentId && a.from < b.to && a.to > b.from;

/** Words that a correction made of the same one: whoever takes one of them takes all. */
const belongTogether = (a: HTMLElement | undefined, b: HTMLElement | undefined): boolean =>
  a !== undefined && b !== undefined && overlap(spanOf(a), spanOf(b));

function selectionBetween(words: readonly HTMLElement[], a: HTMLElement, b: HTMLElement): Selection | undefined {
  let [i, j] = [words.indexOf(a), words.indexOf(b)].toSorted((x, y) => x - y);
  if (i === undefined || j === undefined || i < 0) return undefined;
  while (belongTogether(words[i - 1], words[i])) i--;
  while (belongTogether(words[j], words[j + 1])) j++;
  const chosen = words.slice(i, j + 1);
  const spans: Span[] = [];
  for (const { segmentId, from, to } of chosen.map(spanOf)) {
    const last = spans.at(-1);
    if (last?.segmentId === segmentId) spans[spans.length - 1] = { ...last, to: Math.max(to, last.to) };
    else spans.push({ segmentId, from, to });
  }
  return { spans, text: chosen.flatMap(({ dataset }) => dataset["text"] || []).join(" ") };
}

function holds(selection: Selection | undefined, word: HTMLElement): boolean {
  const own = spanOf(word);
  return selection?.spans.some((span) => overlap(span, own)) ?? false;
}

/** The Tab key comes to this word, and to no other. */
function stopAt(box: HTMLElement | null, word: HTMLElement | null | undefined): void {
  if (!word) return;
  for (const before of box?.querySelectorAll(stop) ?? []) before.setAttribute("tabindex", "-1");
  word.setAttribute("tabindex", "0");
}

/** Back to the word where the keyboard was. */
export function backToWords(box: HTMLElement | null): void {
  box?.querySelector<HTMLElement>(stop)?.focus();
}
