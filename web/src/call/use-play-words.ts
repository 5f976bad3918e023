import type { Quote } from "@verbatim/shared/plan/suggestion";
import { useCallback, useContext } from "react";
import { ReplayContext } from "../replay/replay-context.ts";
import { ShowWordsContext } from "../search/show-words.ts";
import { useCallView } from "./call-view.ts";

/** Shows words of the live document where they stand, and plays them from the store. */
export function usePlayWords(): (place: Pick<Quote, "segmentId" | "from" | "to">) => void {
  const { live } = useCallView();
  const { show } = useContext(ShowWordsContext);
  const replay = useContext(ReplayContext);
  const segments = live?.view.segments;
  return useCallback(
    (place) => {
      show(place);
      const said = segments?.find(({ id }) => id === place.segmentId);
      if (!said) return;
      const words = said.words.slice(place.from, place.to);
      replay?.play({
        of: { part: said.part },
        fromMs: words[0]?.startMs ?? said.startMs,
        untilMs: words.at(-1)?.endMs ?? said.endMs,
      });
    },
    [segments, show, replay],
  );
}
