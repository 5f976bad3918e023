import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Contract } from "@verbatim/shared/api/contract";
import type { Interview, InterviewDraft } from "@verbatim/shared/api/interviews";
import type { z } from "zod";
import { call } from "../api/call.ts";
import { interviewQuery, interviewsQuery } from "../api/queries.ts";

type Change = {
  readonly contract: Contract<z.ZodType, typeof Interview>;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: InterviewDraft;
};

/** Sends a change that answers the whole interview, and shows at once what became of it. Throws `CallFailed`. */
export function useInterviewChange(interviewId: string) {
  const client = useQueryClient();
  const { queryKey } = interviewQuery(interviewId);
  return useMutation({
    mutationFn: ({ contract, params = {}, body }: Change) =>
      call(contract, body, { params: { interviewId, ...params } }),
    onSuccess: async (after) => {
      // An older answer may still be on its way.
      await client.cancelQueries({ queryKey });
      client.setQueryData(queryKey, (before) => before && { ...before, ...after });
      await client.invalidateQueries({ queryKey: interviewsQuery.queryKey });
    },
  });
}
