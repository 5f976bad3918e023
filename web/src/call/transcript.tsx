import type { Participant } from "@verbatim/shared/control/protocol";
import { IconArrowDown } from "@tabler/icons-react";
import { Fragment, memo, type ReactNode, useEffect, useState } from "react";
import { clockOf } from "../clock/format.ts";
import type { InterimView, SegmentView } from "../document/live-view.ts";
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
};

/**
 * The live transcript. It follows while one reads the end. Scrolled back, arriving words move nothing that is in view: they
 * come behind what stood there, and words that are still being said are not shown until one is back.
 */
export const Transcript = memo(function Transcript({ segments, interim, participants, empty, shown, note }: Props) {
  const { call: words } = useWords();
  const { box, content, following, onScroll, follow, stayAt } = useFollow();
  const lines = useSteady(segments, !following);
  const search = useWordSearch({ box, passages: lines, show: stayAt, from: "newest" });
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
        >
          {/* oxlint-enable */}
          <div ref={content} className={styles["content"]} data-following={following}>
            {segments.length === 0 && interim.length === 0 && <p className={styles["empty"]}>{empty}</p>}
            <Lines lines={lines} participants={participants} />
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

type Spoken = { readonly participants: readonly Participant[] };

/** Thousands of words: left alone while unfinished ones change. */
const Lines = memo(function Lines({ lines, participants }: Spoken & { readonly lines: readonly SegmentView[] }) {
  const { call: words } = useWords();
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
  readonly segment: SegmentView;
  readonly role: string;
  readonly name: string;
  readonly first: boolean;
};

const Segment = memo(function Segment({ segment, role, name, first }: SegmentProps) {
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
        <span key={`${word.startMs}:${index}`} data-word data-start-ms={word.startMs} data-end-ms={word.endMs}>
          {word.text}{" "}
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

const sideOf = (role: string | undefined): "candidate" | "interviewer" =>
  role === "candidate" ? "candidate" : "interviewer";
