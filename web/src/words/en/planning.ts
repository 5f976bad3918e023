import type { InvitationLink } from "@verbatim/shared/api/interviews";

/** What staff change about an interview: its links, its plan, its notice. */
export const planning = {
  links: {
    works: (since: string) => `Works since ${since}`,
    withdrawn: (since: string) => `Withdrawn since ${since}`,
    withdrawnHint: "Whoever opens it reads that it was withdrawn, and whom to ask.",
    of: { candidate: "the candidate", "co-interviewer": "co-interviewers", observer: "observers" } satisfies Record<
      InvitationLink["role"],
      string
    >,
    withdraw: {
      ask: "Withdraw",
      askName: (whom: string) => `Withdraw the link for ${whom}`,
      question:
        "The link stops at once, and whoever came in by it is out of the call. This link cannot be brought back, but you can make a new one.",
      yes: "Withdraw now",
      no: "Keep it",
    },
    renew: {
      ask: "New link",
      askName: (whom: string) => `New link for ${whom}`,
      question:
        "The old link stops at once, and whoever came in by it is out of the call. Send them the new one afterwards.",
      yes: "Make a new link",
      no: "Keep the old one",
    },
    calendar: "Calendar entry",
    calendarName: (whom: string) => `Calendar entry for ${whom}`,
    yours: "Your own calendar entry",
    yoursHint: "It leads to this page and holds no link of others.",
    yoursName: "Calendar entry for yourself",
  },
};
