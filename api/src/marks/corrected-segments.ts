import type { ReviewSegment } from "@verbatim/shared/api/interviews";
import { inPart } from "@verbatim/shared/document/live";
import { SeatId } from "@verbatim/shared/ids";
import { correctedWords, correctionsBySegment, speakerAfter } from "@verbatim/shared/marks/corrected";
import type { Marks } from "@verbatim/shared/marks/marks";
import { type Speakers, spoken } from "./passages.ts";

/** A part's segments as they read after what was corrected; those that nobody touched are the same ones. */
export function correctedSegments(
  segments: readonly ReviewSegment[],
  part: number,
  marks: Marks,
  speakers: Speakers,
): ReviewSegment[] {
  const corrections = correctionsBySegment(marks);
  return segments.map((segment) => {
    const own = corrections.get(inPart(part, segment.id));
    if (!own) return segment;
    const words = correctedWords(spoken(segment.words), own);
    const seatId = SeatId.parse(speakerAfter(segment.seatId, own));
    const { name = segment.speaker, role = segment.role } = speakers.get(seatId) ?? {};
    return { ...segment, seatId, speaker: name, role, text: words.flatMap(({ text }) => text || []).join(" ") };
  });
}
