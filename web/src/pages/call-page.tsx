import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { InterviewId, Role } from "@verbatim/shared/ids";
import { useState } from "react";
import { useParams } from "react-router";
import { entryQuery } from "../api/queries.ts";
import { browserOf, canCall } from "../entrance/browser.ts";
import { Entrance } from "../entrance/entrance.tsx";
import { OtherBrowser } from "../entrance/other-browser.tsx";
import { DeskFrame } from "../parts/desk-frame.tsx";
import { Fault, FaultText } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";

/** The way into a call, and the call. The cookie of this interview and role says who asks. */
export function Component() {
  const { failures } = useWords();
  const [browser] = useState(() => browserOf(navigator, canCall(window)));
  const params = useParams();
  const interviewId = InterviewId.safeParse(params["interviewId"]);
  const role = Role.safeParse(params["role"]);
  const known = interviewId.success && role.success;
  // A host comes here from their own pages or a calendar entry, by no link that was judged before.
  const unsupported = browser.kind === "supported" ? undefined : browser;
  const entry = useQuery({
    ...entryQuery(interviewId.data ?? "", role.data ?? ""),
    enabled: known && !unsupported,
    // What is shown is decided at arrival; the call itself tells what changes later.
    staleTime: Number.POSITIVE_INFINITY,
  });

  if (known && entry.data) return <Entrance key={entry.data.seatId} entry={entry.data} />;
  return (
    <DeskFrame narrow>
      {unsupported ? (
        <OtherBrowser browser={unsupported} href={window.location.href} />
      ) : !known ? (
        <FaultText remedy={failures.codes.not_found} />
      ) : entry.isError ? (
        <Fault thrown={entry.error} again={() => void entry.refetch()} />
      ) : (
        <Skeleton height={320} radius={10} />
      )}
    </DeskFrame>
  );
}
