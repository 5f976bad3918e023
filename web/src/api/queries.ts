import { getEntry } from "@verbatim/shared/api/call";
import { me, setupState } from "@verbatim/shared/api/account";
import { getInterview, getReview, listInterviews } from "@verbatim/shared/api/interviews";
import { listTemplates } from "@verbatim/shared/api/plan";
import { previewNotice } from "@verbatim/shared/api/notice";
import { getStatus } from "@verbatim/shared/api/status";
import { lampRuns } from "@verbatim/shared/recording/view";
import { QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { call } from "./call.ts";
import { worthRetrying } from "./failure.ts";

export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, thrown) => failures < 4 && worthRetrying(thrown),
        retryDelay: (failures) => Math.min(4_000, 300 * 2 ** failures),
        staleTime: 2_000,
        // The browser's own guess of being offline is often wrong; the request itself tells.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => call(me, undefined, { signal }) });

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => call(setupState, undefined, { signal }),
});

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => call(getStatus, undefined, { signal }),
  refetchInterval: 5_000,
});

/** They change with the program alone. */
export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: ({ signal }) => call(listTemplates, undefined, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const interviewsQuery = queryOptions({
  queryKey: ["interviews"],
  queryFn: ({ signal }) => call(listInterviews, undefined, { signal }),
  refetchInterval: 5_000,
});

export const interviewQuery = (interviewId: string) =>
  queryOptions({
    queryKey: ["interview", interviewId],
    queryFn: async ({ signal }) => {
      const askedMs = Date.now();
      const interview = await call(getInterview, undefined, { signal, params: { interviewId } });
      // Counted from the asking: an answer that was slow makes what it says older, never fresher.
      return { ...interview, clockOffsetMs: interview.serverNowMs - askedMs };
    },
    // A running recording's figures are believed for 5 s.
    refetchInterval: ({ state: { data } }) => (data && lampRuns(data.recording.lamp) ? 2_000 : 3_000),
  });

/** The notice in a language with what stands in a form; the language comes second in the key. */
export const noticeQuery = (language: string, given: z.input<typeof previewNotice.body>) =>
  queryOptions({
    queryKey: ["notice", language, given] as const,
    queryFn: ({ signal }) => call(previewNotice, given, { signal, params: { language } }),
  });

export const reviewQuery = (interviewId: string) =>
  queryOptions({
    queryKey: ["review", interviewId],
    queryFn: ({ signal }) => call(getReview, undefined, { signal, params: { interviewId } }),
  });

export const entryQuery = (interviewId: string, role: string) =>
  queryOptions({
    queryKey: ["entry", interviewId, role],
    queryFn: ({ signal }) => call(getEntry, undefined, { signal, params: { interviewId, role } }),
    staleTime: 10_000,
  });
