import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Listed } from "@verbatim/shared/marks/listed";
import { type ReactNode, useCallback, useEffect, useMemo } from "react";
import { interviewQuery, reviewQuery } from "../api/queries.ts";
import type { MarkStore } from "../marks/mark-store.ts";
import type { Speaker } from "../marks/marks-context.ts";
import { MarksProvider } from "../marks/marks-provider.tsx";
import { useObservable } from "../observable/use-observable.ts";
import type { ReviewOf } from "./review-section.tsx";
import { passagesOf } from "./shown-segments.ts";
import { useMarkFilter } from "./use-mark-filter.ts";
import type { Sound } from "./use-sound.ts";

type Props = {
  readonly store: MarkStore;
  readonly interviewId: string;
  readonly review: ReviewOf;
  readonly sound: Sound;
  readonly children: ReactNode;
};

/** Annotations of one recording. */
export function ReviewMarks({ store, interviewId, review, sound, children }: Props) {
  const { data: interview } = useQuery(interviewQuery(interviewId));
  const [filter, setFilter] = useMarkFilter();
  const client = useQueryClient();
  const { transcripts } = useObservable(store);
  useEffect(() => {
    // Another transcript took the place of the one that is shown.
    if (transcripts > 0) void client.invalidateQueries({ queryKey: reviewQuery(interviewId).queryKey });
  }, [client, interviewId, transcripts]);

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
