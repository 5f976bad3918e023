import type { ReviewSegment } from "@verbatim/shared/api/interviews";
import { inPart } from "@verbatim/shared/document/live";
import {
  correctedWords,
  correctionsBySegment,
  type SaidWord,
  type ShownWord,
  speakerAfter,
  wordsIn,
} from "@verbatim/shared/marks/corrected";
import type { Marks } from "@verbatim/shared/marks/marks";
import type { MarkedPassage } from "@verbatim/shared/marks/listed";
import type { Speaker } from "../marks/marks-context.ts";

/** A segment as it reads now. `key` is equal as long as nothing of it changed. */
export type ShownSegment = {
  readonly id: string;
  readonly role: string;
  readonly speaker: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: readonly (ShownWord & { readonly confidence: number })[];
  readonly speakerCorrected: boolean;
};

type OriginalWord = SaidWord & { readonly confidence: number };
/** An engine's word may hold several, "twenty one"; everywhere they are counted one by one. */
const originals = ({ words }: ReviewSegment): OriginalWord[] =>
  words.flatMap(({ text, startMs, endMs, confidence }) =>
    wordsIn(text).map((word) => ({ text: word, startMs, endMs, confidence })),
  );

/** A part's passages as they were first written. */
export const passagesOf = (segments: readonly ReviewSegment[], part: number): MarkedPassage[] =>
  segments.map((segment) => ({
    id: inPart(part, segment.id),
    part,
    seatId: segment.seatId,
    words: originals(segment),
  }));

/** The same with what was corrected. */
export function shownSegments(
  segments: readonly ReviewSegment[],
  part: number,
  marks: Marks,
  speakers: readonly Speaker[],
): ShownSegment[] {
  const corrections = correctionsBySegment(marks);
  return segments.map((segment) => {
    const id = inPart(part, segment.id);
    const own = corrections.get(id);
    const said = originals(segment);
    const seatId = speakerAfter(segment.seatId, own);
    const other = seatId === segment.seatId ? undefined : speakers.find((each) => each.seatId === seatId);
    const { startMs, endMs } = segment;
    return {
      id,
      startMs,
      endMs,
      role: other?.role ?? segment.role,
      speaker: other?.name ?? segment.speaker,
      speakerCorrected: seatId !== segment.seatId,
      // What a person wrote is certain.
      words: correctedWords(said, own).map((word) => ({
        ...word,
        confidence: word.correction ? 1 : (said[word.from]?.confidence ?? 1),
      })),
    };
  });
}
