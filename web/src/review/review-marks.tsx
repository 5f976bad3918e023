import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Listed, MarkFilter } from "@verbatim/shared/marks/listed";
import { type ReactNode, useCallback, useEffect, useMemo } from "react";
import { useSearchParams } from "react-router";
import { interviewQuery, reviewQuery } from "../api/queries.ts";
import type { MarkStore } from "../marks/mark-store.ts";
import type { Speaker } from "../marks/marks-context.ts";
import { MarksProvider } from "../marks/marks-provider.tsx";
import { useObservable } from "../observable/use-observable.ts";
import type { ReviewOf } from "./review-section.tsx";
import { passagesOf } from "./shown-segments.ts";
import type { Sound } from "./use-sound.ts";

type Props = {
  readonly store: MarkStore;
  readonly interviewId: string;
  readonly review: ReviewOf;
  readonly sound: Sound;
  readonly children: ReactNode;
};

/** Annotations of one recording; their filter stands in the address, so that it can be handed on and gone back to. */
export function ReviewMarks({ store, interviewId, review, sound, children }: Props) {
  const { data: interview } = useQuery(interviewQuery(interviewId));
  const [search, setSearch] = useSearchParams();
  const client = useQueryClient();
  const { transcripts } = useObservable(store);
  useEffect(() => {
    // Another transcript took the place of the one that is shown.
    if (transcripts > 0) void client.invalidateQueries({ queryKey: reviewQuery(interviewId).queryKey });
  }, [client, interviewId, transcripts]);

  const filter: MarkFilter = useMemo(
    () => ({ tag: search.get("tag") ?? "", by: search.get("by") ?? "", speaker: search.get("speaker") ?? "" }),
    [search],
  );
  const setFilter = useCallback(
    (next: MarkFilter): void =>
      setSearch(
        (before) => {
          for (const [what, value] of Object.entries(next)) {
            if (value === "") before.delete(what);
            else before.set(what, value);
          }
          return before;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const { segments, part, coverage } = review;
  const passages = useMemo(() => passagesOf(segments, part), [segments, part]);
  const speakers = useMemo((): Speaker[] => {
    const people = [...segments, ...coverage].map(({ seatId, speaker, role }) => ({ seatId, name: speaker, role }));
    return [...new Map(people.map((person) => [person.seatId, person])).values()];
  }, [segments, coverage]);
  const competencies = useMemo(
    () => interview?.template?.competencies.map(({ name }) => name) ?? [],
    [interview?.template],
  );
  const go = useCallback(
    ({ startMs, endMs }: Listed): void => {
      sound.play(startMs, endMs);
      document.querySelector(`[data-word][data-start-ms="${startMs}"]`)?.scrollIntoView({ block: "nearest" });
    },
    [sound],
  );
  return (
    <MarksProvider {...{ store, passages, speakers, competencies, filter, setFilter, go }}>{children}</MarksProvider>
  );
}
