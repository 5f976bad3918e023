import { contract, nothing } from "./contract.ts";
import { Interview, InterviewDraft } from "./interviews.ts";

/**
 * What staff change about an interview that was made. While people are in the call, or once something was recorded,
 * only title and names still change: `state.conflict` says so. Every change is audited.
 */
export const editInterview = contract({
  method: "PATCH",
  path: "/v1/interviews/:interviewId",
  body: InterviewDraft,
  reply: Interview,
});

/** Its links say that it was cancelled. Refused while it is being recorded. */
export const cancelInterview = contract({
  method: "POST",
  path: "/v1/interviews/:interviewId/cancel",
  body: nothing,
  reply: Interview,
});

/** Undoes a cancellation: the same links work again. */
export const restoreInterview = contract({
  method: "POST",
  path: "/v1/interviews/:interviewId/restore",
  body: nothing,
  reply: Interview,
});

/** The link stops at once, and whoever came in by it is out within 2 s: sockets, tickets and cookies. */
export const revokeLink = contract({
  method: "POST",
  path: "/v1/interviews/:interviewId/links/:role/revoke",
  body: nothing,
  reply: Interview,
});

/**
 * Undoes a withdrawal: the same link works again, and so do the seats that were closed with it. Changes nothing while a link
 * for the role works.
 */
export const restoreLink = contract({
  method: "POST",
  path: "/v1/interviews/:interviewId/links/:role/restore",
  body: nothing,
  reply: Interview,
});

/** A fresh link for the role; one that still worked is revoked. */
export const renewLink = contract({
  method: "POST",
  path: "/v1/interviews/:interviewId/links/:role/renew",
  body: nothing,
  reply: Interview,
});

/** GET, not JSON: `/v1/interviews/:interviewId/calendar/:role` downloads an ICS entry; the interviewer's has no token in it. */
export const calendarPath = "/v1/interviews/:interviewId/calendar/:role";
