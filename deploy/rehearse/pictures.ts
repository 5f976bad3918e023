import type { Review } from "@verbatim/shared/api/interviews";

type Held = Pick<Review, "durationMs" | "pictures">;
type Span = { readonly startMs: number; readonly endMs: number };

/** A last frame is as long as a camera takes for it, and the file ends with it. */
const LAST_FRAME_MS = 1_000;

/** Each of two cameras is held, or told as missing, up to the recording's end. */
export function picturesWhole({ durationMs, pictures }: Held): boolean {
  const cameras = pictures.filter(({ kind }) => kind === "camera");
  return cameras.length >= 2 && cameras.every((camera) => endOf(camera) >= durationMs - LAST_FRAME_MS);
}

/** One line for each camera: how much of it is held, and what is not, by cause. */
export function tellPictures({ durationMs, pictures }: Held): string[] {
  if (pictures.length === 0) return ["No picture is in the store"];
  return pictures.map(({ role, kind, pieces, gaps }) => {
    const still = pieces.flatMap((piece) => piece.gaps);
    const missing = gaps.map(({ cause, ...span }) => `${cause} ${seconds(total([span]))}`);
    const held = `${seconds(total(pieces) - total(still))} of ${seconds(durationMs)} in ${pieces.length} files`;
    return `The ${role}'s ${kind}: ${held}${missing.length > 0 ? `; missing: ${missing.join(", ")}` : ""}`;
  });
}

const endOf = ({ pieces, gaps }: Held["pictures"][number]): number =>
  Math.max(0, ...[...pieces, ...gaps].map(({ endMs }) => endMs));

const total = (spans: readonly Span[]): number => spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
