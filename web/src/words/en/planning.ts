import type { Interview, InvitationLink } from "@verbatim/shared/api/interviews";

/** What staff change about an interview: its links, its plan, its notice. */
export const planning = {
  links: {
    works: (since: string) => `Works since ${since}`,
    withdrawn: (since: string) => `Withdrawn since ${since}`,
    withdrawnHint:
      "Whoever opens it reads that it was withdrawn, and whom to ask. Undo that, and the same link works again; a new link leaves it withdrawn for good.",
    restore: "Undo",
    restoreName: (whom: string) => `Undo withdrawing the link for ${whom}`,
    of: { candidate: "the candidate", "co-interviewer": "co-interviewers", observer: "observers" } satisfies Record<
      InvitationLink["role"],
      string
    >,
    withdraw: {
      ask: "Withdraw",
      askName: (whom: string) => `Withdraw the link for ${whom}`,
      question: "The link stops at once, and whoever came in by it is out of the call. You can undo this.",
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
    calendarFor: (whom: string) => `For ${whom}`,
    yourself: "yourself",
  },
  edit: {
    open: "Edit",
    title: "Edit interview",
    submit: "Save",
    saved: "Saved.",
    moved: "Saved. The links stay the same. Who has the old calendar entry needs the new one.",
    movedFrom: "Moved from",
    nobody: "Nobody named",
    months: (months: number) => (months === 1 ? "1 month" : `${months} months`),
    locked: {
      names_present:
        "People are in the call. Until they have left, only the title and the candidate's name can be changed.",
      names_begun: "This interview has begun. Only its title and the candidate's name can be changed now.",
      nothing: "This interview was cancelled. Undo that first to change it.",
    } satisfies Record<Exclude<Interview["mayEdit"], "all">, string>,
    refused: {
      still: "Nothing was saved; the call is not affected.",
      now: "Set the other fields back to save the names.",
    },
  },
  cancel: {
    ask: "Cancel interview",
    question: (present: number) =>
      `Its links will say that it was cancelled, and whom to ask. Nobody can come in${present > 0 ? ", and who is in the call now is out of it" : ""}. You can undo this.`,
    yes: "Cancel it now",
    no: "Keep it",
    not: {
      recording: "It is being recorded. To cancel it, end the call first.",
      over: "It has taken place, so there is nothing to cancel.",
    },
  },
  notice: {
    label: "Notice",
    hint: "What is recorded, which AI is used, whom to ask, who watches and how long it is kept stand above it and are not edited. Put an empty line between paragraphs.",
    hintNone:
      "There is no standard text in this language. What you write here is read in place of the English one; put an empty line between paragraphs.",
    hintOwn: "This is your own text. Everything that must be said stands above it and follows the fields.",
    reset: "Reset to the standard text",
    preview: "As the candidate will read it",
    version: (own: boolean, version: string) => `${own ? "Your own text" : "Standard text"}, version ${version}`,
    none: (language: string) => `There is no notice in ${language}: the candidate reads the English one.`,
    partly: (language: string) => `Only your own text is in ${language}; what must be said stands above it in English.`,
  },
  cancelled: {
    title: "This interview is cancelled",
    text: "Its links say so, and whom to ask. Nobody can come in. Undo it, and the same links work again.",
    undo: "Undo",
    undoName: "Undo the cancellation",
    calendar: "Calendar entries that take it out of calendars again:",
  },
};
