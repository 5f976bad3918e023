import { z } from "zod";
import { Act, Change } from "../marks/act.ts";
import { contract, nothing } from "./contract.ts";

const Said = z.strictObject({ id: z.uuid(), act: Act });
/** Acts after the asked number, oldest first, a page at a time; `author` is who asks, by the name acts go under. */
const Read = z.object({ changes: z.array(Change), last: z.int(), author: z.string(), corrects: z.boolean() });

export const MARKS_PAGE = 500;

const seat = "/v1/call/:interviewId/:role/marks";
const account = "/v1/interviews/:interviewId/marks";

/** Everybody with a place but the candidate. `id` is made by the page: a repeated try is the same act. */
export const markInCall = contract({ method: "POST", path: seat, body: Said, reply: Change });
/** Everybody in the call but the candidate. */
export const readMarksInCall = contract({ method: "GET", path: `${seat}/after/:seq`, body: nothing, reply: Read });

export const mark = contract({ method: "POST", path: account, body: Said, reply: Change });
export const readMarks = contract({ method: "GET", path: `${account}/after/:seq`, body: nothing, reply: Read });

/** What annotations are taken along in, from `/v1/interviews/{interview}/marks.{format}`; the query is a filter, `MarkFilter`. */
export const markFormats = ["md", "csv", "json"] as const;
