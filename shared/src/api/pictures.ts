import { z } from "zod";
import { Role, SeatId } from "../ids.ts";
import { GapCause } from "../recording/manifest.ts";

/** A stored file of a picture: it plays alone from `startMs` to `endMs`. */
export const PicturePiece = z.object({
  startMs: z.int(),
  endMs: z.int(),
  /** Leads to the file for as long as one is signed in. */
  url: z.string(),
  key: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  /** Where it holds nothing to be shown: the last frame stands still. */
  gaps: z.array(z.object({ startMs: z.int(), endMs: z.int() })),
});
export type PicturePiece = z.infer<typeof PicturePiece>;

/** One speaker's camera or shared screen, on the recording's clock. Pieces of two recorders may overlap. */
export const ReviewPicture = z.object({
  seatId: SeatId,
  role: Role,
  speaker: z.string(),
  kind: z.enum(["camera", "screen"]),
  pieces: z.array(PicturePiece),
  /** What was sent and is not held. A camera that was off is no gap. */
  gaps: z.array(z.object({ startMs: z.int(), endMs: z.int(), cause: GapCause })),
});
export type ReviewPicture = z.infer<typeof ReviewPicture>;

/**
 * GET, not JSON: `…/recordings/:recordingId/pictures/:sha256` leads to a stored file by a link that ends in 5 minutes,
 * and `…/recordings/:recordingId/pictures.json` downloads the list of them.
 */
export const picturePath = (interviewId: string, recordingId: string, sha256: string): string =>
  `/v1/interviews/${interviewId}/recordings/${recordingId}/pictures/${sha256}`;
