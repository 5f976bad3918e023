import type { Participant } from "@verbatim/shared/control/protocol";
import { IconArrowDown } from "@tabler/icons-react";
import { correctedWords, correctionsBySegment, speakerAfter } from "@verbatim/shared/marks/corrected";
import type { Correction } from "@verbatim/shared/marks/marks";
import { Fragment, memo, type ReactNode, useEffect, useMemo, useState } from "react";
import { clockOf } from "../clock/format.ts";
import type { InterimView, SegmentView } from "../document/live-view.ts";
import { MarkToolbar, toTools } from "../marks/mark-toolbar.tsx";
import { useMarks } from "../marks/marks-context.ts";
import marked from "../marks/marks.module.css";
import { backToWords, useSelecting } from "../marks/use-selecting.ts";
import { annotationAt, marksBySegment, wordData } from "../marks/word-marks.ts";
import { sideOf } from "../parts/side-of.ts";
import { markWords, type ShownWords, wordsOf } from "../search/show-words.ts";
import { useWordSearch } from "../search/use-word-search.ts";
import { WordSearch } from "../search/word-search.tsx";
import { useWords } from "../words/words.ts";
import { keepOrder } from "./keep-order.ts";
import styles from "./transcript.module.css";
import { useFollow } from "./use-follow.ts";

type Props = {
  readonly segments: readonly SegmentView[];
  readonly interim: readonly InterimView[];
  readonly participants: readonly Participant[];
  readonly empty: string;
  /** Words that somebody asked to see. */
  readonly shown: ShownWords | undefined;
  /** Beside the search. */
  readonly note: ReactNode;
  /** Others may see this page: it does not show what was annotated. */
  readonly seen: boolean;
};

/**
 * The live transcript. It follows while one reads the end. Scrolled back, arriving words move nothing that is in view: they
 * come behind what stood there, and words that are still being said are not shown until one is back.
 */
export const Transcript = memo(function Transcript({
  segments,
  interim,
  participants,
  empty,
  shown,
  note,
  seen,
}: Props) {
  const { call: words } = useWords();
  const { box, content, following, onScroll, follow, stayAt } = useFollow();
  const lines = useNewestFirst(useSteady(segments, !following), shown !== undefined);
  const written = useWritten(lines);
  const search = useWordSearch({ box, passages: written, show: stayAt, from: "newest" });
  const { shown: annotated, choose, selection, select } = useMarks();
  const selecting = useSelecting({
    box,
    selection,
    select,
    byPresses: true,
    pressed: (word) => {
      const segmentId = word.closest("[data-segment-id]")?.getAttribute("data-segment-id") ?? "";
      choose(annotationAt(annotated, segmentId, Number(word.dataset["from"])));
    },
    onward: toTools,
    moved: nothing,
  });
  useEffect(() => {
    if (!shown) return undefined;
    const marked = wordsOf(box.current, shown);
    if (marked[0]) stayAt(marked[0]);
    return markWords(marked, "data-shown");
  }, [box, shown, stayAt]);

  return (
    <>
      <div className={styles["frame"]}>
        {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard */}
        <div
          ref={box}
          className={styles["scroller"]}
          onScroll={onScroll}
          tabIndex={0}
          role="region"
          aria-label={words.rail.transcript}
          {...selecting}
        >
          {/* oxlint-enable */}
          <div ref={content} className={styles["content"]} data-following={following}>
            {segments.length === 0 && interim.length === 0 && <p className={styles["empty"]}>{empty}</p>}
            <Lines lines={written} participants={participants} seen={seen} />
            {following && <Interim interim={interim} participants={participants} />}
          </div>
        </div>
        {!following && (
          <button type="button" className={styles["now"]} onClick={follow}>
            {words.rail.now}
            <IconArrowDown size={18} aria-hidden />
          </button>
        )}
      </div>
      {/* It takes room of its own: over the words it would cover the next one to press. */}
      <div className={styles["tools"]}>
        <MarkToolbar onDone={() => backToWords(box.current)} />
      </div>
      <div className={styles["foot"]}>
        {note}
        <WordSearch search={search} />
      </div>
    </>
  );
});

/** The lines in order; while one reads them scrolled back, in the order in which they stood there. */
function useSteady(segments: readonly SegmentView[], steady: boolean): readonly SegmentView[] {
  const [stood, setStood] = useState({ segments, steady, lines: segments });
  if (stood.segments === segments && stood.steady === steady) return stood.lines;
  const lines = steady ? keepOrder(stood.lines, segments) : segments;
  setStood({ segments, steady, lines });
  return lines;
}

/** More than a screen of words. */
const FIRST_LINES = 16;

/** Who comes late to a long talk has the newest lines before their eyes while the older ones are drawn; who asks for words, all. */
function useNewestFirst(lines: readonly SegmentView[], wanted: boolean): readonly SegmentView[] {
  const [all, setAll] = useState(false);
  const begun = lines.length > 0;
  useEffect(() => {
    if (!begun) return undefined;
    // The first task behind a frame's work comes when that frame was drawn.
    let task: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => (task = setTimeout(() => setAll(true))));
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(task);
    };
  }, [begun]);
  return useMemo(() => (all || wanted ? lines : lines.slice(-FIRST_LINES)), [all, wanted, lines]);
}

type Line = Omit<SegmentView, "words"> & { readonly words: ReturnType<typeof correctedWords> };

/** The lines with what was corrected; those that did not change keep their identity. */
function useWritten(lines: readonly SegmentView[]): readonly Line[] {
  const { marks } = useMarks().state;
  const corrections = useMemo(() => correctionsBySegment(marks), [marks]);
  const [known] = useState(() => new WeakMap<SegmentView, { readonly key: string; readonly line: Line }>());
  return useMemo(
    () =>
      lines.map((segment) => {
        const own = corrections.get(segment.id);
        const key = keyOf(own);
        const before = known.get(segment);
        if (before?.key === key) return before.line;
        const seatId = speakerAfter(segment.seatId, own);
        const line = { ...segment, seatId, words: correctedWords(segment.words, own) };
        known.set(segment, { key, line });
        return line;
      }),
    [lines, corrections, known],
  );
}

const keyOf = (corrections: readonly Correction[] = []): string => corrections.map(({ id }) => id).join();
const nothing = (): void => undefined;

type Spoken = { readonly participants: readonly Participant[] };

/** Thousands of words: left alone while unfinished ones change. */
const Lines = memo(function Lines({
  lines,
  participants,
  seen,
}: Spoken & { readonly lines: readonly Line[]; readonly seen: boolean }) {
  const { call: words } = useWords();
  const { shown, chosen } = useMarks();
  const marks = useMemo(() => marksBySegment(seen ? [] : shown, chosen), [seen, shown, chosen]);
  return lines.map((segment, index) => {
    const person = personOf(participants, segment.seatId);
    const before = lines[index - 1];
    const partBegins = segment.part !== (before?.part ?? 1);
    return (
      <Fragment key={segment.id}>
        {partBegins && <h3 className={styles["part"]}>{words.rail.part(segment.part)}</h3>}
        <Segment
          segment={segment}
          role={person?.role ?? ""}
          name={person?.name ?? ""}
          first={partBegins || before?.seatId !== segment.seatId}
          marks={marks.get(segment.id)}
        />
      </Fragment>
    );
  });
});

/** What is being said: it may still change, and looks so. */
function Interim({ interim, participants }: Spoken & { readonly interim: readonly InterimView[] }) {
  return interim.map(({ seatId, startMs, text }) => {
    const person = personOf(participants, seatId);
    return (
      <p
        key={seatId}
        className={styles["segment"]}
        data-side={sideOf(person?.role)}
        data-interim-speaker={person?.role ?? ""}
        data-start-ms={startMs}
        data-first
      >
        <Speaker name={person?.name ?? ""} atMs={startMs} />
        <span className={styles["interim"]} data-interim-text>
          {text}
        </span>
      </p>
    );
  });
}

type SegmentProps = {
  readonly segment: Line;
  readonly marks: string | undefined;
  readonly role: string;
  readonly name: string;
  readonly first: boolean;
};

const Segment = memo(function Segment({ segment, role, name, first, marks }: SegmentProps) {
  const { takenOut } = useWords().marks;
  return (
    <p
      className={styles["segment"]}
      data-side={sideOf(role)}
      data-segment-id={segment.id}
      data-speaker={role}
      data-start-ms={segment.startMs}
      data-end-ms={segment.endMs}
      data-first={first || undefined}
    >
      {first && <Speaker name={name} atMs={segment.startMs} />}
      {segment.words.map((word, index) => (
        <span key={`${word.from}:${index}`} tabIndex={-1} className={marked["word"]} {...wordData(word, marks)}>
          {word.text || takenOut}{" "}
        </span>
      ))}
    </p>
  );
});

function Speaker({ name, atMs }: { name: string; atMs: number }) {
  return (
    <span className={styles["speaker"]}>
      {name} <small>{clockOf(atMs)}</small>
    </span>
  );
}

const personOf = (participants: readonly Participant[], seatId: string): Participant | undefined =>
  participants.find((person) => person.seatId === seatId);
