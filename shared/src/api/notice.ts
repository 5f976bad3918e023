import { z } from "zod";
import { Text } from "../text.ts";
import { contract, nothing } from "./contract.ts";

/** Paragraphs with an empty line between them; empty is the text that comes with Verbatim. */
export const OwnNotice = Text.max(8_000, "must be shorter than 8000 characters");

/** What a speaker accepts before the microphone opens. */
export const Notice = z.object({
  /** Made from every word of it; consent is stored with it. */
  version: z.string(),
  /** Of `text`, which may be another than the interview's where nobody has translated it. */
  language: z.string(),
  /** What is recorded and which AI is used, as the settings have it; it stands first and nobody edits it. */
  fixed: z.object({ language: z.string(), text: z.array(z.string()) }),
  text: z.array(z.string()),
  /** Written by staff for this interview. */
  own: z.boolean(),
});
export type Notice = z.infer<typeof Notice>;

/** Our text in a language, to begin with; `text` is empty where there is none yet. */
export const getNoticeText = contract({
  method: "GET",
  path: "/v1/notices/:language",
  body: nothing,
  reply: z.object({ fixed: z.array(z.string()), text: z.string() }),
});
