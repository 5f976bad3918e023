import { type ReactNode, useEffect, useMemo, useState } from "react";
import { type ShownWords as Shown, ShowWordsContext } from "./show-words.ts";

/** How long shown words stay marked. */
const SHOWN_MS = 3_000;

/** Around a transcript and what quotes it. `before` makes room for the transcript, where something else stands there. */
export function ShownWords({ before, children }: { before?: (() => void) | undefined; children: ReactNode }) {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(() => setShown(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  const context = useMemo(
    () => ({
      shown,
      show: (place: Shown) => {
        before?.();
        setShown({ ...place });
      },
    }),
    [shown, before],
  );
  return <ShowWordsContext value={context}>{children}</ShowWordsContext>;
}
