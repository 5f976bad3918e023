import { DomainError } from "@verbatim/shared/errors";
import type { InterviewRow } from "./interview-row.ts";

/** `Anna Host of Acme (anna@example.org)`: whom people with a link ask. */
export function whom(interview: Pick<InterviewRow, "host_name" | "organisation" | "contact">): string {
  const { host_name, organisation, contact } = interview;
  const who = host_name === "" ? organisation : `${host_name} of ${organisation}`;
  return contact === "" ? who : `${who} (${contact})`;
}

/** Throws `interview.cancelled` or `interview.over`: nobody comes in, and nothing is recorded. */
export function refuseOver(interview: InterviewRow): void {
  if (interview.cancelled_at !== null) {
    throw new DomainError(
      "interview.cancelled",
      `This interview, planned for ${planned(interview)}, was cancelled. ${whom(interview)} can tell you more.`,
    );
  }
  if (interview.ended_at !== null) {
    throw new DomainError("interview.over", `This interview is over. ${whom(interview)} can tell you more.`);
  }
}

/** In the interview's own zone, which is named: the server does not know where its reader is. */
export const planned = (interview: Pick<InterviewRow, "starts_at" | "zone">): string =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: interview.zone,
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(interview.starts_at);
