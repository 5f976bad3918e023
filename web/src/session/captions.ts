import type { SeatId } from "@verbatim/shared/ids";

/** What one person says, or said last. */
export type Caption = { readonly seatId: SeatId; readonly text: string; readonly final: boolean };

/**
 * The newest stands last, one per person. Unfinished words that are taken back leave the finished ones before them to be
 * read; an empty final text takes those away too.
 */
export function withCaption(captions: readonly Caption[], { seatId, text, final }: Caption): readonly Caption[] {
  const before = captions.find((caption) => caption.seatId === seatId);
  if (text === "" && !final && before?.final) return captions;
  const others = captions.filter((caption) => caption.seatId !== seatId);
  return text === "" ? others : [...others, { seatId, text, final }];
}
