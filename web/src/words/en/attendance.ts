/** Who is there, who is missing, and what that means for the recording. */
export const attendance = {
  absence: {
    lost: (names: string) => `Your interviewer lost the connection. Please stay: ${names} comes back here.`,
    left: (whom: string) => `No interviewer is in the call now. Please stay, or ask ${whom || "who invited you"}.`,
    recorded: "The recording goes on meanwhile.",
    notSafe: "The recording is not safe right now.",
    notRecorded: "Nothing is recorded meanwhile.",
    unknown: "Whether it is recorded is not known right now.",
    candidateLeft: (name: string) =>
      `${name} has left. End the recording? It pauses in a minute unless somebody keeps it.`,
    keep: "Keep recording",
    keepFailed: "The server did not hear that. Please press again.",
    nobodyCame: (name: string, minutes: number) =>
      `${name} has not come, ${minutes} minutes after the planned time. Write to them, or send their link again; it keeps working.`,
  },
  leave: {
    handOver: "You control the recording. It goes on without you. To whom do you hand it over?",
    handTo: (name: string) => `Hand over to ${name} and leave`,
    handToOne: "Hand over and leave",
    nobody: "You control the recording, and nobody else of your side is here. It goes on without you.",
    free: "Somebody else controls the recording now. You can leave.",
    yes: "Leave now",
    no: "Stay",
  },
  given: {
    handedOver: (name: string, at: string) =>
      `${name} handed the control of the recording over to you at ${at}. It goes on without a break.`,
    placeClosed: (name: string) =>
      `${name} controlled the recording and is not in the call any more. You control it now.`,
    understood: "Understood",
  },
  offer: {
    ask: (name: string) => `Offer a seat to speak to ${name}`,
    askShort: "Offer a seat to speak",
    asked: "was offered a seat to speak",
    withdraw: (name: string) => `Withdraw the offer to ${name}`,
    withdrawShort: "Withdraw",
    asks: (name: string) =>
      `${name} offers you a seat to speak. You read what is recorded and check your devices before anybody hears you.`,
    yes: "Accept",
    no: "No, thank you",
    accepted: "A seat to speak is yours. You read what is recorded and check your devices first.",
    goOn: "Go to your seat",
    isComing: (name: string) => `${name} accepted. They read the notice and check their devices first.`,
    declined: (name: string) => `${name} goes on listening and does not take the seat.`,
  },
  covered: {
    title: "Only for your side",
    covered: "Suggestions, notes and scores are covered while you share your screen.",
    seen: "The candidate can see this.",
    uncover: "Show them",
    cover: "Cover them",
  },
  remove: {
    ask: (name: string) => `Remove ${name}`,
    question: (name: string) =>
      `${name} leaves the call at once and reads along no more. A new link lets them in again.`,
    questionCandidate: (name: string) =>
      `${name} leaves the call at once. What was recorded is kept. A new candidate's link lets them in again.`,
    yes: "Remove",
    no: "Cancel",
  },
  notRecording: {
    may: {
      start: "Not recording. What you say now is not kept.",
      resume: "Not recording. What you say now is not kept.",
      undo_stop: "Not recording. What you say now is kept only if the stop is undone.",
    },
    asks: {
      start: "Not recording. What is said now is not kept. The interviewer can start.",
      resume:
        "Not recording. What is said now is not kept. The interviewer, or whoever controls the recording, can resume.",
      undo_stop: "Not recording. What is said now is kept only if the stop is undone.",
    },
  },
};
