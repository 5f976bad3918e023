import { speaks } from "@verbatim/shared/ids";
import { correctedWords, correctionsBySegment } from "@verbatim/shared/marks/corrected";
import { type Listed, type MarkFilter } from "@verbatim/shared/marks/listed";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { MarkStore } from "../marks/mark-store.ts";
import type { Speaker } from "../marks/marks-context.ts";
import { MarksProvider } from "../marks/marks-provider.tsx";
import { ReplayContext } from "../replay/replay-context.ts";
import { ShowWordsContext } from "../search/show-words.ts";
import { useCallView } from "./call-view.ts";

const everything: MarkFilter = { tag: "", by: "", speaker: "" };

/** One for the whole call, whatever of its page is open. */
export const MarkStoreContext = createContext<MarkStore | undefined>(undefined);

/** Annotations on the live document's words; the document says how many acts there are. */
export function MarksInCall({ children }: { children: ReactNode }) {
  const store = useContext(MarkStoreContext);
  if (!store) throw new Error("Outside of a call.");
  return <Marked store={store}>{children}</Marked>;
}

function Marked({ store, children }: { store: MarkStore; children: ReactNode }) {
  const { live, participants } = useCallView();
  const { show } = useContext(ShowWordsContext);
  const replay = useContext(ReplayContext);
  const [filter, setFilter] = useState(everything);
  const count = live?.view.marks ?? 0;
  useEffect(() => store.catchUp(count), [store, count]);
  const passages = live?.view.segments ?? none;
  const plan = live?.view.plan;
  const competencies = useMemo(() => plan?.competencies.map(({ name }) => name) ?? none, [plan]);
  const people = JSON.stringify(
    participants.filter(({ role }) => speaks(role)).map(({ seatId, name, role }): Speaker => ({ seatId, name, role })),
  );
  const speakers = useMemo(() => JSON.parse(people) as Speaker[], [people]);
  const go = useCallback(
    ({ annotation, part, startMs, endMs }: Listed): void => {
      replay?.play({ of: { part }, fromMs: startMs, untilMs: endMs });
      const [span] = annotation.spans;
      const passage = passages.find(({ id }) => id === span?.segmentId);
      if (!span || !passage) return;
      // The page counts words as they stand there, with what was corrected.
      const own = correctionsBySegment(store.get().marks).get(span.segmentId);
      const words = correctedWords(passage.words, own);
      const from = words.findIndex((word) => word.to > span.from);
      const to = words.findLastIndex((word) => word.from < span.to) + 1;
      show({ segmentId: span.segmentId, from, to });
    },
    [passages, store, show, replay],
  );
  return (
    <MarksProvider {...{ store, passages, speakers, competencies, filter, setFilter, go }}>{children}</MarksProvider>
  );
}

// The same one at every drawing.
const none: never[] = [];
