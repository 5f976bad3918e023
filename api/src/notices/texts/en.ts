import { contactOf, type NoticeTexts } from "../notice-facts.ts";

export const en: NoticeTexts = {
  recorded: ({ organisation, recorded }) =>
    `${organisation} records the ${recorded.picture ? "sound, the picture and the shared screen" : "sound"} of everyone who speaks${recorded.picture ? "" : ", not the picture"}${recorded.chat ? ", and keeps what is written in the chat" : ""}.`,
  ai: ({ engine }) =>
    ({
      deepgram:
        "An AI service, Deepgram, receives the sound and writes down what is said as it is spoken. No AI judges you.",
      openai:
        "An AI service, OpenAI, receives the sound and writes down what is said as it is spoken. No AI judges you.",
      offline:
        "An AI program on the organisation's own server writes down what is said as it is spoken. No AI judges you.",
      none: "No AI is used: what is said is not written down by a program.",
    })[engine],
  suggestions: (service) =>
    `${service === "openai" ? "An AI service, OpenAI, also receives" : "An AI service that the organisation chose also receives"} what was said as text, and suggests questions to the interviewers. It does not judge you.`,
  terms: (facts) => [
    `${facts.organisation} is responsible for this interview. If you have questions, ask ${contactOf(facts) || facts.organisation}.`,
    "The interviewers speak with you. Up to five more people may watch and listen. Everyone in the call, you too, always sees who they are; nobody listens unseen.",
    "The recording, its transcript and notes on it help people to judge the interview. A person decides, never a program alone.",
    `${facts.organisation} keeps them for ${facts.keptMonths === 1 ? "one month" : `${facts.keptMonths} months`} after the interview and is to delete them then. You may ask to see, correct or delete what it holds about you.`,
  ],
  rest: [
    "The lamp at the top always says whether you are being recorded. What you say while it reads “Not recording” or “Paused”, or while you are muted, is not kept. A stop can be undone for two minutes; what was said in between is then kept too.",
    "You may say no. If you agree now, you can change your mind at any moment in the call by “Stop recording me”.",
  ],
};
