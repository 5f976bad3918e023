import type { ErrorCode } from "@verbatim/shared/errors";

/** What happened, what still works, what to do now. */
export type Remedy = { readonly what: string; readonly still: string; readonly now: string };

export const failures: {
  readonly codes: Readonly<Record<ErrorCode, Remedy>>;
  readonly unreachable: Remedy;
  readonly misunderstood: Remedy;
  readonly partMissing: Remedy;
} = {
  codes: {
    "input.invalid": {
      what: "Something in the form is not right.",
      still: "Nothing was changed.",
      now: "Correct it and try again.",
    },
    "input.too_large": { what: "That is too long.", still: "Nothing was changed.", now: "Shorten it and try again." },
    "auth.required": {
      what: "This browser is not signed in here.",
      still: "Interviews and recordings go on.",
      now: "Sign in, or open your personal link again.",
    },
    "auth.forbidden": {
      what: "Your place in this interview does not allow that.",
      still: "Everything else works.",
      now: "Ask the person who invited you.",
    },
    "origin.refused": {
      what: "This page was opened under an address that the server does not know.",
      still: "Nothing was changed.",
      now: "Open it under the address you were given.",
    },
    not_found: {
      what: "There is nothing here.",
      still: "Your other interviews are not affected.",
      now: "Check the address.",
    },
    "link.cut": {
      what: "This link is not complete: a part of it is missing.",
      still: "Your invitation still stands.",
      now: "Copy the whole link from the message and open it again. If it is cut there too, ask the person who invited you.",
    },
    "link.invalid": {
      what: "This link is wrong: nobody was invited by it.",
      still: "Your invitation still stands.",
      now: "Compare it with the one in the message, or ask the person who invited you.",
    },
    "link.revoked": {
      what: "This link was withdrawn.",
      still: "Nothing was lost.",
      now: "Look for a newer link in your messages, or ask for one.",
    },
    "link.expired": {
      what: "This link has expired.",
      still: "Nothing was lost.",
      now: "Look for a newer link in your messages, or ask for one.",
    },
    "interview.cancelled": {
      what: "This interview was cancelled.",
      still: "Nothing is recorded.",
      now: "You can close this page.",
    },
    "interview.over": {
      what: "This interview is over.",
      still: "What was recorded is kept.",
      now: "You can close this page.",
    },
    "consent.required": {
      what: "The notice has not been accepted yet.",
      still: "Nothing is recorded.",
      now: "Go back to the welcome page and choose.",
    },
    "notice.changed": {
      what: "The notice was changed while you read it.",
      still: "Your answer was not stored, and nothing is recorded.",
      now: "Please read it as it is now, then choose again.",
    },
    "control.lost": {
      what: "Somebody else controls the recording now.",
      still: "The recording goes on.",
      now: "Take over if you need to.",
    },
    "state.conflict": {
      what: "The recording changed in the meantime.",
      still: "The recording goes on as shown.",
      now: "Look at the lamp and choose again.",
    },
    "seat.taken_over": {
      what: "Your place is open in another tab or on another device.",
      still: "You are in the call there.",
      now: "Go on there, or use this tab.",
    },
    "seat.removed": {
      what: "The host closed your place in this call.",
      still: "What was recorded is kept.",
      now: "Ask the person who invited you.",
    },
    "seat.moved": {
      what: "You have a seat to speak in this call now.",
      still: "The interview and its recording go on.",
      now: "Go on in the tab where you accepted the seat.",
    },
    "observers.full": {
      what: "Five people already listen; there is no sixth place.",
      still: "The interview goes on.",
      now: "Try again when somebody has left.",
    },
    "calls.full": {
      what: "All places for calls on this server are taken.",
      still: "Nothing is wrong with your link, and interviews that run are not affected.",
      now: "Try again in a few minutes. If it stays so, tell the person who invited you.",
    },
    "call.absent": {
      what: "You are not in the call right now.",
      still: "The interview and its recording go on.",
      now: "Come back into the call, then try again.",
    },
    "protocol.unsupported": {
      what: "This page is older than the server.",
      still: "The recording goes on.",
      now: "Reload the page.",
    },
    "rate.limited": { what: "That was too fast.", still: "Nothing was changed.", now: "Wait a moment and try again." },
    "server.draining": {
      what: "The server restarts.",
      still: "What was recorded is kept.",
      now: "Try again in a few seconds.",
    },
    internal: {
      what: "Something went wrong on our side.",
      still: "What was recorded is kept.",
      now: "Try again; if it stays, tell the operator the number below.",
    },
  },
  unreachable: {
    what: "The server does not answer.",
    still: "What was recorded is kept on the server.",
    now: "Check your network, then try again.",
  },
  misunderstood: {
    what: "This page and the server do not understand each other.",
    still: "What was recorded is kept.",
    now: "Load the page again.",
  },
  partMissing: {
    what: "A part of this page could not be loaded. Trying again.",
    still: "What was recorded is kept.",
    now: "It comes by itself when the server answers. If it does not, load the page again.",
  },
};

export const requestNumber = (id: string): string => `Number of this request: ${id}`;
