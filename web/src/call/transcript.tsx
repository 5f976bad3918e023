import type { Participant } from "@verbatim/shared/control/protocol";
import { IconArrowDown } from "@tabler/icons-react";
import { Fragment, memo, useCallback, useLayoutEffect, useRef, useState } from "react";
import { clockOf } from "../clock/format.ts";
import type { InterimView, SegmentView } from "../document/live-view.ts";
import { useWords } from "../words/words.ts";
import styles from "./transcript.module.css";

/** Nearer to the end than this counts as reading along. */
const AT_END_PX = 32;

type Props = {
  readonly segments: readonly SegmentView[];
  readonly interim: readonly InterimView[];
  readonly participants: readonly Participant[];
  readonly empty: string;
};

/**
 * The live transcript. It follows while one reads the end; scrolled back, arriving words move nothing: final segments
 * come in near the end, behind which unfinished words stand, and the browser anchors what is being read.
 */
export function Transcript({ segments, interim, participants, empty }: Props) {
  const { call: words } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);

  const toEnd = useCallback(() => {
    const scroller = box.current;
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
  }, []);
  useLayoutEffect(() => {
    if (following.current) toEnd();
  }, [segments, interim, toEnd]);

  const scrolled = (): void => {
    const scroller = box.current;
    if (!scroller) return;
    following.current = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END_PX;
    setBehind(!following.current);
  };

  const personOf = (seatId: string): Participant | undefined => participants.find((person) => person.seatId === seatId);
  return (
    <div className={styles["frame"]}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard */}
      <div
        ref={box}
        className={styles["scroller"]}
        onScroll={scrolled}
        tabIndex={0}
        role="region"
        aria-label={words.rail.transcript}
      >
        {segments.length === 0 && interim.length === 0 && <p className={styles["empty"]}>{empty}</p>}
        {segments.map((segment, index) => {
          const person = personOf(segment.seatId);
          const before = segments[index - 1];
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
        })}
        {interim.map(({ seatId, startMs, text }) => {
          const person = personOf(seatId);
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
        })}
      </div>
      {behind && (
        <button
          type="button"
          className={styles["now"]}
          onClick={() => {
            following.current = true;
            setBehind(false);
            toEnd();
          }}
        >
          {words.rail.now}
          <IconArrowDown size={18} aria-hidden />
        </button>
      )}
    </div>
  );
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

const sideOf = (role: string | undefined): "candidate" | "interviewer" =>
  role === "candidate" ? "candidate" : "interviewer";
