import { clockOf } from "../../clock/format.ts";
import { useWords } from "../../words/words.ts";
import type { ReviewOf } from "../review-section.tsx";

/** Every stored file of the pictures, to be taken along one by one. */
export function PictureFiles({ review }: { review: ReviewOf }) {
  const { review: words } = useWords();
  const held = review.pictures.filter(({ pieces }) => pieces.length > 0);
  if (held.length === 0) return null;
  return (
    <>
      <h2>{words.pictures.files}</h2>
      {held.map(({ seatId, kind, speaker, pieces }) => (
        <details key={`${seatId}:${kind}`} data-picture-files={kind}>
          <summary>
            {words.pictures[kind === "screen" ? "screenOf" : "cameraOf"](speaker)}:{" "}
            {words.pictures.count(pieces.length, sizeOf(pieces.reduce((sum, { bytes }) => sum + bytes, 0)))}
          </summary>
          <ul>
            {pieces.map(({ key, url, startMs, endMs, bytes }) => (
              <li key={key}>
                <a href={`${url}?download`} download>
                  {words.pictures.file(clockOf(startMs), clockOf(endMs), sizeOf(bytes))}
                </a>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </>
  );
}

const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
