import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type NoticePreview, previewNotice } from "@verbatim/shared/api/notice";
import { noticeQuery } from "../api/queries.ts";
import type { InterviewValues } from "./interview-values.ts";

/** The server is asked when the hand rests, not at every key. */
const REST_MS = 300;

/** The notice in the form's language as it would be read, and whether the server could not be asked. */
export type ShownNotice = { readonly preview: NoticePreview | undefined; readonly thrown: unknown };

/** What the form would make of the notice, as the server writes it. */
export function useNoticePreview(values: InterviewValues, interviewId: string | undefined): ShownNotice {
  const [rested] = useDebouncedValue(values, REST_MS);
  const { language } = values;
  const { contact, recordPicture, keptMonths, notices, template } = rested;
  const given = {
    interviewId,
    contact,
    recordPicture,
    keptMonths: Number(keptMonths),
    planned: template !== null,
    notice: notices[language],
  };
  const asked = useQuery({
    ...noticeQuery(language, given),
    // A figure that is half typed asks nothing.
    enabled: previewNotice.body.safeParse(given).success,
    // Until the answer is here the last one in the same language stays; another language's would only mislead.
    placeholderData: (last, query) => (query?.queryKey[1] === language ? last : undefined),
  });
  return { preview: asked.data, thrown: asked.error };
}
