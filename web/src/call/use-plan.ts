import { useMutation } from "@tanstack/react-query";
import { markSuggestion, tickQuestion } from "@verbatim/shared/api/plan";
import type { SuggestionState } from "@verbatim/shared/plan/suggestion";
import { call as callApi } from "../api/call.ts";
import { worthRetrying } from "../api/failure.ts";
import { useCallView } from "./call-view.ts";

/** Says for everybody what became of a suggestion; the document brings the answer. */
export function useMark() {
  const { interviewId, role } = useCallView().entry;
  return useMutation({
    mutationFn: (body: { suggestionId: string; state: SuggestionState }) =>
      callApi(markSuggestion, body, { params: { interviewId, role } }),
    // Said twice it is the same.
    retry: (tries, thrown) => tries < 2 && worthRetrying(thrown),
  });
}

/** Ticks a planned question for everybody. */
export function useTick() {
  const { interviewId, role } = useCallView().entry;
  return useMutation({
    mutationFn: (body: { question: number; asked: boolean }) =>
      callApi(tickQuestion, body, { params: { interviewId, role } }),
    retry: (tries, thrown) => tries < 2 && worthRetrying(thrown),
  });
}
