import { z } from "zod";
import { InterviewId } from "../ids.ts";
import { Text } from "../text.ts";
import { SpeechPlan } from "../speech/service.ts";
import { contract } from "./contract.ts";

/** Paragraphs with an empty line between them; empty is the text that comes with Verbatim. */
export const OwnNotice = Text.max(8_000, "must be shorter than 8000 characters");

/** What a speaker accepts before the microphone opens. */
export const Notice = z.object({
  /** Made from every word of it; consent is stored with it. */
  version: z.string(),
  /** Of `text`, which may be another than the interview's where nobody has translated it. */
  language: z.string(),
  /** What is recorded, which AI is used, whom to ask, who watches and how long it is kept: facts and settings. They stand first and nobody edits them. */
  fixed: z.object({ language: z.string(), text: z.array(z.string()) }),
  text: z.array(z.string()),
  /** Written by staff for this interview. */
  own: z.boolean(),
});
export type Notice = z.infer<typeof Notice>;

/** Whom people with a link ask. */
export const Contact = Text.max(200);
/** How long the organisation keeps what is recorded. */
export const KeptMonths = z.int().min(1, "must be at least 1 month").max(120, "must be at most 10 years");

export const NoticePreview = z.object({
  notice: Notice,
  /** Our text to begin with; empty where there is none in the language. */
  standard: z.string(),
  /** Whether speech recognition that is set up will write down this language. */
  speech: SpeechPlan,
  /** Staff's own words in it; empty where the standard text stands. */
  own: z.string(),
});
export type NoticePreview = z.infer<typeof NoticePreview>;

/** The notice as it would be read in a language if this were saved. Nothing is. */
export const previewNotice = contract({
  method: "POST",
  path: "/v1/notices/:language",
  body: z.strictObject({
    /** The interview that is edited; a new one has none yet. */
    interviewId: InterviewId.optional(),
    contact: Contact,
    keptMonths: KeptMonths,
    recordPicture: z.boolean(),
    /** Whether it has a plan: what the interview has, when it is left out. */
    planned: z.boolean().optional(),
    /** What was written for the interview before, when it is left out. */
    notice: OwnNotice.optional(),
  }),
  reply: NoticePreview,
});
