import type { Correction } from "@verbatim/shared/marks/marks";
import { memo, useMemo } from "react";
import { clockOf } from "../clock/format.ts";
import { correctionLine } from "../marks/corrected.tsx";
import { useMarks } from "../marks/marks-context.ts";
import marked from "../marks/marks.module.css";
import { marksBySegment, wordData } from "../marks/word-marks.ts";
import { sideOf } from "../parts/side-of.ts";
import { useWords } from "../words/words.ts";
import type { PlacedWord } from "./place-of-word.ts";
import styles from "./review.module.css";
import type { ShownSegment } from "./shown-segments.ts";

type Props = {
  readonly segments: readonly ShownSegment[];
  readonly placed: readonly PlacedWord[];
  readonly playable: boolean;
};

/** Thousands of words: a passage is drawn again only when something of it changed; what is heard is marked by hand. */
export function ReviewSegments({ segments, placed, playable }: Props) {
  const { marks: words } = useWords();
  const view = useMarks();
  const { shown, chosen } = view;
  const bySegment = useMemo(() => Map.groupBy(placed, ({ segment }) => segment), [placed]);
  const marks = useMemo(() => marksBySegment(shown, chosen), [shown, chosen]);
  return segments.map((segment, index) => (
    <Segment
      key={segment.id}
      segment={segment}
      placed={bySegment.get(index) ?? []}
      marks={marks.get(segment.id)}
      playable={playable}
      lineOf={(correction) => correctionLine(correction, view, words)}
    />
  ));
}

type SegmentProps = {
  readonly segment: ShownSegment;
  readonly placed: readonly PlacedWord[];
  readonly marks: string | undefined;
  readonly playable: boolean;
  /** Not looked at when it is decided whether to draw again: a correction that changed is another one. */
  readonly lineOf: (correction: Correction) => string;
};

const Segment = memo(
  function Segment({ segment, placed, marks, playable, lineOf }: SegmentProps) {
    const { review: words, marks: said } = useWords();
    const titleOf = (word: ShownSegment["words"][number], place: PlacedWord | undefined): string | undefined =>
      [
        playable && words.playFrom(word.text, clockOf(word.startMs)),
        word.correction && lineOf(word.correction),
        place?.unsure && words.unsure,
      ]
        .filter(Boolean)
        .join(". ") || undefined;
    return (
      <p
        className={styles["segment"]}
        data-side={sideOf(segment.role)}
        data-segment-id={segment.id}
        data-speaker={segment.role}
        data-start-ms={segment.startMs}
        data-end-ms={segment.endMs}
      >
        <span className={styles["speaker"]} data-corrected={segment.speakerCorrected || undefined}>
          {segment.speaker} <small>{clockOf(segment.startMs)}</small>
        </span>
        {segment.words.map((word, n) => {
          const place = placed[n];
          return (
            <span key={`${word.from}:${n}`}>
              <button
                type="button"
                tabIndex={-1}
                className={marked["word"]}
                data-index={place?.index}
                data-unsure={place?.unsure || undefined}
                data-still={!playable || undefined}
                {...wordData(word, marks)}
                title={titleOf(word, place)}
              >
                {word.text || said.takenOut}
              </button>{" "}
            </span>
          );
        })}
      </p>
    );
  },
  (before, after) =>
    before.marks === after.marks &&
    before.playable === after.playable &&
    before.placed[0]?.index === after.placed[0]?.index &&
    (before.segment === after.segment || spelled(before.segment) === spelled(after.segment)),
);

const spelled = ({ speaker, words }: ShownSegment): string =>
  [speaker, ...words.map(({ text, from, correction }) => `${from}${text}${correction?.id ?? ""}`)].join(" ");
