import { Button } from "@mantine/core";
import type { ReviewSegment } from "@verbatim/shared/api/interviews";
import { memo, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { clockOf } from "../clock/format.ts";
import { intoMiddle } from "../search/into-middle.ts";
import { useWordSearch } from "../search/use-word-search.ts";
import { WordSearch } from "../search/word-search.tsx";
import { useWords } from "../words/words.ts";
import { type PlacedWord, placeWords, wordAt, wordFrom } from "./place-of-word.ts";
import type { Playback } from "./playback.ts";
import styles from "./review.module.css";

type Props = { readonly playback: Playback; readonly segments: readonly ReviewSegment[]; readonly playable: boolean };

/**
 * The words: a press plays from there, the one heard is underlined, and the page follows until one scrolls. They are one
 * stop for the Tab key, at the word where one was last; arrow keys lead on from it.
 */
export function ReviewTranscript({ playback, segments, playable }: Props) {
  const { review: words } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const hint = useId();
  const [following, setFollowing] = useState(true);
  const follows = useRef(true);
  useEffect(() => {
    follows.current = following;
  }, [following]);
  const ordered = useMemo(() => segments.toSorted((a, b) => a.startMs - b.startMs), [segments]);
  const placed = useMemo(() => placeWords(ordered), [ordered]);
  const byStart = useMemo(() => placed.toSorted((a, b) => a.startMs - b.startMs), [placed]);

  const show = useCallback((word: Element) => {
    setFollowing(false);
    if (box.current) intoMiddle(box.current, word);
  }, []);
  const search = useWordSearch({ box, passages: ordered, show, from: "oldest" });

  useEffect(() => {
    if (!box.current?.querySelector(stop)) stopAt(box.current, 0);
  }, [placed]);
  useEffect(() => {
    let marked: Element | undefined;
    let last = -1;
    const mark = (): void => {
      const word = wordAt(byStart, playback.position.get());
      if ((word?.index ?? -1) === last) return;
      last = word?.index ?? -1;
      marked?.removeAttribute("data-playing");
      marked = word && wordOf(box.current, word.index);
      marked?.setAttribute("data-playing", "true");
      if (marked && follows.current && playback.state.get().playing) bringIntoView(box.current, marked);
    };
    mark();
    return playback.position.subscribe(mark);
  }, [byStart, playback]);

  return (
    <div className={styles["transcript"]}>
      <div className={styles["transcriptHead"]}>
        <h2>{words.transcript}</h2>
        <small id={hint} className={styles["hint"]}>
          {words.keys}
        </small>
        <WordSearch search={search} />
        <Button variant="subtle" disabled={following} onClick={() => setFollowing(true)}>
          {words.follow}
        </Button>
      </div>
      <div
        ref={box}
        className={styles["words"]}
        // A scrolling region must take the keyboard, where its words do not.
        tabIndex={playable && placed.length > 0 ? -1 : 0}
        role="region"
        aria-label={words.transcript}
        aria-describedby={playable ? hint : undefined}
        onFocus={({ target }) => {
          const index = indexOf(target);
          if (index !== undefined) stopAt(box.current, index);
        }}
        onWheel={() => setFollowing(false)}
        onTouchMove={() => setFollowing(false)}
        onKeyDown={(event) => {
          const from = indexOf(event.target);
          const to = from === undefined ? undefined : wordFrom(placed, from, event);
          if (to !== undefined || scrollKeys.has(event.key)) setFollowing(false);
          if (to === undefined) return;
          event.preventDefault();
          wordOf(box.current, to)?.focus();
        }}
        onClick={(event) => {
          const word = placed[indexOf(event.target) ?? -1];
          if (!word || !playable) return;
          setFollowing(true);
          playback.seek(word.startMs, true);
        }}
      >
        {ordered.length === 0 && <p className={styles["empty"]}>{words.transcriptEmpty}</p>}
        <Segments segments={ordered} placed={placed} playable={playable} />
      </div>
    </div>
  );
}

/** Thousands of words: drawn once, marked by hand. */
const Segments = memo(function Segments({
  segments,
  placed,
  playable,
}: {
  segments: readonly ReviewSegment[];
  placed: readonly PlacedWord[];
  playable: boolean;
}) {
  const { review: words } = useWords();
  const titleOf = (word: PlacedWord): string | undefined => {
    const play = playable ? words.playFrom(word.text, clockOf(word.startMs)) : undefined;
    return word.unsure ? [play, words.unsure].filter(Boolean).join(". ") : play;
  };
  const bySegment = Map.groupBy(placed, ({ segment }) => segment);
  return segments.map((segment, index) => (
    <p
      key={segment.id}
      className={styles["segment"]}
      data-side={segment.role === "candidate" ? "candidate" : "interviewer"}
      data-segment-id={segment.id}
      data-speaker={segment.role}
      data-start-ms={segment.startMs}
      data-end-ms={segment.endMs}
    >
      <span className={styles["speaker"]}>
        {segment.speaker} <small>{clockOf(segment.startMs)}</small>
      </span>
      {(bySegment.get(index) ?? []).map((word) => (
        <span key={word.index}>
          <button
            type="button"
            tabIndex={-1}
            disabled={!playable}
            data-word
            data-index={word.index}
            data-start-ms={word.startMs}
            data-end-ms={word.endMs}
            data-unsure={word.unsure || undefined}
            title={titleOf(word)}
          >
            {word.text}
          </button>{" "}
        </span>
      ))}
    </p>
  ));
});

const scrollKeys = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);

function indexOf(target: EventTarget): number | undefined {
  const word = target instanceof Element ? target.closest("[data-index]") : null;
  return word ? Number(word.getAttribute("data-index")) : undefined;
}

const wordOf = (box: HTMLElement | null, index: number): HTMLElement | undefined =>
  box?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? undefined;

const stop = '[data-index][tabindex="0"]';

/** The Tab key comes to this word, and to no other. */
function stopAt(box: HTMLElement | null, index: number): void {
  for (const before of box?.querySelectorAll(stop) ?? []) before.setAttribute("tabindex", "-1");
  wordOf(box, index)?.setAttribute("tabindex", "0");
}

function bringIntoView(box: HTMLElement | null, word: Element): void {
  if (!box) return;
  const around = box.getBoundingClientRect();
  const at = word.getBoundingClientRect();
  if (at.top < around.top + 40 || at.bottom > around.bottom - 80)
    box.scrollTop += at.top - around.top - around.height / 3;
}
