import { IconVideoOff } from "@tabler/icons-react";
import { clockOf, lengthOf } from "../../clock/format.ts";
import { useWords } from "../../words/words.ts";
import type { Playback } from "../playback.ts";
import type { ReviewOf } from "../review-section.tsx";

/** Pictures that were sent and are not held, with time and cause; a press plays from just before. */
export function PictureGaps({ review, playback }: { review: ReviewOf; playback: Playback }) {
  const { review: words } = useWords();
  const missing = review.pictures.flatMap(({ seatId, speaker, kind, gaps }) =>
    gaps.map((gap) => ({
      ...gap,
      id: `${seatId}:${kind}:${gap.startMs}:${gap.cause}`,
      of: words.pictures[kind === "screen" ? "screenOf" : "cameraOf"](speaker),
    })),
  );
  if (missing.length === 0) return null;
  return (
    <>
      <h2>{words.pictures.gapsTitle}</h2>
      <ul>
        {missing.map(({ id, of, startMs, endMs, cause }) => (
          <li key={id} data-picture-gap={cause} data-start-ms={startMs} data-end-ms={endMs}>
            <IconVideoOff size={18} aria-hidden />
            <button type="button" onClick={() => playback.seek(Math.max(0, startMs - 2_000), true)}>
              {words.pictures.gap(lengthOf(endMs - startMs), clockOf(startMs), of, words.causes[cause])}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
