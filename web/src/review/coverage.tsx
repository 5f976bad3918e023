import { IconAlertTriangle, IconCircleCheck, IconPlayerPause } from "@tabler/icons-react";
import { clockOf, lengthOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import { percentOf } from "./percent.ts";
import { PictureFiles } from "./pictures/picture-files.tsx";
import { PictureGaps } from "./pictures/picture-gaps.tsx";
import type { Playback } from "./playback.ts";
import styles from "./review.module.css";
import type { ReviewOf } from "./review-section.tsx";

/** What is held of each speaker, and every gap with time and cause; a press plays from just before it. */
export function Coverage({ review, playback }: { review: ReviewOf; playback: Playback }) {
  const { review: words } = useWords();
  const { coverage, absences, problems } = review;
  // A pause is everybody's, and said once.
  const gaps = review.gaps.filter(
    ({ cause, startMs }, index, all) =>
      cause !== "paused" || all.findIndex((one) => one.cause === cause && one.startMs === startMs) === index,
  );
  if (coverage.length === 0) {
    return (
      <aside className={styles["coverage"]} aria-label={words.coverage}>
        <h2>{words.coverage}</h2>
        <p>{words.notMeasured}</p>
      </aside>
    );
  }
  const whole = coverage.every(({ ratio }) => ratio === 1);
  return (
    <aside className={styles["coverage"]} aria-label={words.coverage}>
      <h2>{words.coverage}</h2>
      <ul>
        {coverage.map(({ seatId, speaker, role, ratio }) => (
          <li key={seatId} data-coverage={ratio} data-speaker={role}>
            {ratio === 1 ? (
              <IconCircleCheck data-good size={18} aria-hidden />
            ) : (
              <IconAlertTriangle data-wrong size={18} aria-hidden />
            )}
            <span>{words.held(speaker, percentOf(ratio))}</span>
          </li>
        ))}
      </ul>
      {whole && <p>{words.whole}</p>}
      <h2>{words.gapsTitle}</h2>
      {gaps.length === 0 && absences.length === 0 && <p>{words.noGaps}</p>}
      <ul>
        {gaps.map(({ seatId, speaker, startMs, endMs, cause }) => (
          <li key={`${seatId}:${startMs}:${cause}`} data-gap={cause} data-start-ms={startMs} data-end-ms={endMs}>
            {cause === "paused" ? (
              <IconPlayerPause size={18} aria-hidden />
            ) : (
              <IconAlertTriangle data-wrong size={18} aria-hidden />
            )}
            <button type="button" onClick={() => playback.seek(Math.max(0, startMs - 2_000), true)}>
              {cause === "paused"
                ? words.pausedSpan(lengthOf(endMs - startMs), clockOf(startMs))
                : words.gap(lengthOf(endMs - startMs), clockOf(startMs), speaker, words.causes[cause])}
            </button>
          </li>
        ))}
        {absences.map(({ seatId, speaker, startMs, endMs }) => (
          <li key={`${seatId}:${startMs}`} data-absence data-start-ms={startMs} data-end-ms={endMs}>
            <span>{words.absence(lengthOf(endMs - startMs), clockOf(startMs), speaker)}</span>
          </li>
        ))}
      </ul>
      <PictureGaps review={review} playback={playback} />
      <PictureFiles review={review} />
      {problems.length > 0 && (
        <details>
          <summary>
            {words.problems} ({problems.length})
          </summary>
          <ul>
            {problems.map(({ key, problem }) => (
              <li key={`${key}:${problem}`}>{words.problem(problem, key)}</li>
            ))}
          </ul>
        </details>
      )}
    </aside>
  );
}
