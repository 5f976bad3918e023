import type { Quote } from "@verbatim/shared/plan/suggestion";
import { createContext } from "react";

type Place = Pick<Quote, "segmentId" | "from" | "to">;

/** Words that somebody asked to see, for as long as they are marked. Asked for again, another object. */
export type ShownWords = Place;

export type ShowWords = { readonly shown: ShownWords | undefined; readonly show: (place: Place) => void };

/** Whoever names words can show them: where the transcript stands is for the screen to know. */
export const ShowWordsContext = createContext<ShowWords>({ shown: undefined, show: () => undefined });

/** The named words as they stand on the page. */
export function wordsOf(within: HTMLElement | null, { segmentId, from, to }: Place): Element[] {
  const segment = within?.querySelector(`[data-segment-id="${CSS.escape(segmentId)}"]`);
  return [...(segment?.querySelectorAll("[data-word]") ?? [])].slice(from, to);
}

/** Marks words; answers the way to unmark them. */
export function markWords(words: readonly Element[], mark: string, value = ""): () => void {
  for (const word of words) word.setAttribute(mark, value);
  return () => {
    for (const word of words) word.removeAttribute(mark);
  };
}
