import { clockOf, lengthOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import styles from "./review.module.css";
import type { ReviewOf } from "./review-section.tsx";

/** A thin line under the player: whole, or hatched where sound is missing, with the cause on hover. */
export function CoverageLine({ review }: { review: ReviewOf }) {
  const { review: words } = useWords();
  const share = (ms: number): string => `${(100 * ms) / Math.max(1, review.durationMs)}%`;
  return (
    <div className={styles["line"]} aria-hidden>
      {review.gaps.map(({ seatId, speaker, startMs, endMs, cause }) => (
        <i
          key={`${seatId}:${startMs}:${cause}`}
          data-cause={cause}
          title={
            cause === "paused"
              ? words.pausedSpan(lengthOf(endMs - startMs), clockOf(startMs))
              : words.gap(lengthOf(endMs - startMs), clockOf(startMs), speaker, words.causes[cause])
          }
          style={{ left: share(startMs), width: share(endMs - startMs) }}
        />
      ))}
    </div>
  );
}
