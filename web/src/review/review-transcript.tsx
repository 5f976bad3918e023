import { Button } from "@mantine/core";
import type { ReviewSegment } from "@verbatim/shared/api/interviews";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { clockOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import { type PlacedWord, placeWords, wordAt } from "./place-of-word.ts";
import type { Playback } from "./playback.ts";
import styles from "./review.module.css";

type Props = { readonly playback: Playback; readonly segments: readonly ReviewSegment[]; readonly playable: boolean };

/** The words: a press plays from there, the one heard is underlined, and the page follows until one scrolls. */
export function ReviewTranscript({ playback, segments, playable }: Props) {
  const { review: words } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const follows = useRef(true);
  useEffect(() => {
    follows.current = following;
  }, [following]);
  const ordered = useMemo(() => segments.toSorted((a, b) => a.startMs - b.startMs), [segments]);
  const placed = useMemo(() => placeWords(ordered), [ordered]);
  const byStart = useMemo(() => placed.toSorted((a, b) => a.startMs - b.startMs), [placed]);

  useEffect(() => {
    let marked: Element | undefined;
    let last = -1;
    const mark = (): void => {
      const word = wordAt(byStart, playback.position.get());
      if ((word?.index ?? -1) === last) return;
      last = word?.index ?? -1;
      marked?.removeAttribute("data-playing");
      marked = word ? (box.current?.querySelector(`[data-index="${word.index}"]`) ?? undefined) : undefined;
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
        <Button variant="subtle" disabled={following} onClick={() => setFollowing(true)}>
          {words.follow}
        </Button>
      </div>
      <div
        ref={box}
        className={styles["words"]}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard
        tabIndex={0}
        role="region"
        aria-label={words.transcript}
        onWheel={() => setFollowing(false)}
        onTouchMove={() => setFollowing(false)}
        onKeyDown={(event) => {
          if (["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"].includes(event.key)) setFollowing(false);
        }}
        onClick={(event) => {
          const word = event.target instanceof Element ? event.target.closest("[data-index]") : null;
          if (!word || !playable) return;
          setFollowing(true);
          playback.seek(Number(word.getAttribute("data-start-ms")), true);
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
            title={playable ? words.playFrom(word.text, clockOf(word.startMs)) : undefined}
          >
            {word.text}
          </button>{" "}
        </span>
      ))}
    </p>
  ));
});

function bringIntoView(box: HTMLElement | null, word: Element): void {
  if (!box) return;
  const around = box.getBoundingClientRect();
  const at = word.getBoundingClientRect();
  if (at.top < around.top + 40 || at.bottom > around.bottom - 80)
    box.scrollTop += at.top - around.top - around.height / 3;
}
