import type { Role } from "@verbatim/shared/ids";
import type { Span } from "@verbatim/shared/marks/act";
import type { Listed, MarkedPassage, MarkFilter } from "@verbatim/shared/marks/listed";
import { createContext, useContext } from "react";
import type { MarksState, MarkStore } from "./mark-store.ts";

export type Selection = { readonly spans: readonly Span[]; readonly text: string };
export type Speaker = { readonly seatId: string; readonly name: string; readonly role: Role };

/** What the transcript, its toolbar and the list of annotations share on one page. */
export type MarksView = {
  readonly store: MarkStore;
  readonly state: MarksState;
  readonly passages: ReadonlyMap<string, MarkedPassage>;
  readonly speakers: readonly Speaker[];
  readonly competencies: readonly string[];
  /** Everything on these passages; `shown` is what passes the filter and is not removed. */
  readonly listed: readonly Listed[];
  readonly shown: readonly Listed[];
  readonly filter: MarkFilter;
  readonly setFilter: (filter: MarkFilter) => void;
  readonly selection: Selection | undefined;
  readonly select: (selection: Selection | undefined) => void;
  /** The annotation that was pressed last. */
  readonly chosen: string | undefined;
  readonly choose: (annotation: string | undefined) => void;
  /** Plays an annotation's words, and brings them into view. */
  readonly go: (listed: Listed) => void;
};

export const MarksContext = createContext<MarksView | undefined>(undefined);

export function useMarks(): MarksView {
  const view = useContext(MarksContext);
  if (!view) throw new Error("Outside of a transcript.");
  return view;
}
