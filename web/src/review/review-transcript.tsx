import { Button } from "@mantine/core";
import type { ReviewSegment } from "@verbatim/shared/api/interviews";
import { useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { MarkToolbar, toTools } from "../marks/mark-toolbar.tsx";
import { useMarks } from "../marks/marks-context.ts";
import { backToWords, useSelecting } from "../marks/use-selecting.ts";
import { annotationAt } from "../marks/word-marks.ts";
import { intoMiddle } from "../search/into-middle.ts";
import { useWordSearch } from "../search/use-word-search.ts";
import { WordSearch } from "../search/word-search.tsx";
import { useWords } from "../words/words.ts";
import { placeWords, wordAt } from "./place-of-word.ts";
import type { Playback } from "./playback.ts";
import styles from "./review.module.css";
import { ReviewSegments } from "./review-segments.tsx";
import { shownSegments } from "./shown-segments.ts";

type Props = {
  readonly playback: Playback;
  readonly segments: readonly ReviewSegment[];
  readonly part: number;
  readonly playable: boolean;
};

/**
 * The words: a press plays from there, the one heard is underlined, and the page follows until one scrolls. Dragging, or
 * Shift with arrow keys, selects words to annotate or correct.
 */
export function ReviewTranscript({ playback, segments, part, playable }: Props) {
  const { review: words, marks: said } = useWords();
  const { state, speakers, shown, choose, selection, select } = useMarks();
  const box = useRef<HTMLDivElement>(null);
  const hint = useId();
  const [following, setFollowing] = useState(true);
  const [byPresses, setByPresses] = useState(false);
  const follows = useRef(true);
  useEffect(() => {
    follows.current = following;
  }, [following]);
  const ordered = useMemo(
    () =>
      shownSegments(
        segments.toSorted((a, b) => a.startMs - b.startMs),
        part,
        state.marks,
        speakers,
      ),
    [segments, part, state.marks, speakers],
  );
  const placed = useMemo(() => placeWords(ordered), [ordered]);
  const byStart = useMemo(() => placed.toSorted((a, b) => a.startMs - b.startMs), [placed]);

  const show = useCallback((word: Element) => {
    setFollowing(false);
    if (box.current) intoMiddle(box.current, word);
  }, []);
  const search = useWordSearch({ box, passages: ordered, show, from: "oldest" });

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
    const off = playback.position.subscribe(mark);
    return () => {
      off();
      marked?.removeAttribute("data-playing");
    };
  }, [byStart, playback]);

  const selecting = useSelecting({
    box,
    selection,
    select,
    byPresses: byPresses || !playable,
    pressed: (word) => {
      const at = placed[Number(word.dataset["index"])];
      choose(annotationAt(shown, ordered[at?.segment ?? -1]?.id ?? "", Number(word.dataset["from"])));
      if (!at || !playable || byPresses) return;
      setFollowing(true);
      playback.seek(at.startMs, true);
    },
    onward: toTools,
    moved: () => setFollowing(false),
  });

  return (
    <div className={styles["transcript"]}>
      <div className={styles["transcriptHead"]}>
        <h2>{words.transcript}</h2>
        <small id={hint} className={styles["hint"]}>
          {words.keys} {said.keys}
        </small>
        <WordSearch search={search} />
        <Button
          variant={byPresses ? "light" : "subtle"}
          aria-pressed={byPresses}
          onClick={() => {
            setByPresses(!byPresses);
            select(undefined);
          }}
        >
          {said.selectWords}
        </Button>
        <Button variant="subtle" disabled={following} onClick={() => setFollowing(true)}>
          {words.follow}
        </Button>
      </div>
      {byPresses && (
        <p className={styles["pressing"]} role="status">
          {said.selecting}
        </p>
      )}
      <div
        ref={box}
        className={styles["words"]}
        // A scrolling region must take the keyboard, where its words do not.
        tabIndex={placed.length > 0 ? -1 : 0}
        role="region"
        aria-label={words.transcript}
        aria-describedby={hint}
        onWheel={() => setFollowing(false)}
        onTouchMove={() => setFollowing(false)}
        {...selecting}
      >
        {ordered.length === 0 && <p className={styles["empty"]}>{words.transcriptEmpty}</p>}
        <ReviewSegments segments={ordered} placed={placed} playable={playable} />
      </div>
      <MarkToolbar onDone={() => backToWords(box.current)} />
    </div>
  );
}

const wordOf = (box: HTMLElement | null, index: number): HTMLElement | undefined =>
  box?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? undefined;

function bringIntoView(box: HTMLElement | null, word: Element): void {
  if (!box) return;
  const around = box.getBoundingClientRect();
  const at = word.getBoundingClientRect();
  if (at.top < around.top + 40 || at.bottom > around.bottom - 80)
    box.scrollTop += at.top - around.top - around.height / 3;
}
