import {
  listAnnotations,
  type Listed,
  type MarkedPassage,
  type MarkFilter,
  passes,
} from "@verbatim/shared/marks/listed";
import { type ReactNode, useMemo, useState } from "react";
import { useObservable } from "../observable/use-observable.ts";
import type { MarkStore } from "./mark-store.ts";
import { MarksContext, type Selection, type Speaker } from "./marks-context.ts";

type Props = {
  readonly store: MarkStore;
  readonly passages: readonly MarkedPassage[];
  readonly speakers: readonly Speaker[];
  readonly competencies: readonly string[];
  readonly filter: MarkFilter;
  readonly setFilter: (filter: MarkFilter) => void;
  readonly go: (listed: Listed) => void;
  readonly children: ReactNode;
};

export function MarksProvider({ children, passages, ...given }: Props) {
  const { store, filter, go, speakers, competencies, setFilter } = given;
  const state = useObservable(store);
  const [selection, select] = useState<Selection>();
  const [chosen, choose] = useState<string>();
  const byId = useMemo(() => new Map(passages.map((passage) => [passage.id, passage])), [passages]);
  const listed = useMemo(() => listAnnotations(state.marks, byId), [state.marks, byId]);
  const shown = useMemo(() => listed.filter((one) => !one.annotation.removed && passes(one, filter)), [listed, filter]);
  // Whoever reads this is drawn anew for it: only when something of it changed.
  const view = useMemo(
    () => ({
      store,
      state,
      passages: byId,
      speakers,
      competencies,
      listed,
      shown,
      filter,
      setFilter,
      selection,
      select,
      chosen,
      choose,
      go,
    }),
    [store, state, byId, speakers, competencies, listed, shown, filter, setFilter, selection, chosen, go],
  );
  return <MarksContext value={view}>{children}</MarksContext>;
}
