import { z } from "zod";
import { WhichNotes } from "../document/notes.ts";
import { contract } from "./contract.ts";

const body = z.strictObject({ which: WhichNotes });
/** Good for one socket within 30 s. `url` is its address without the ticket; `person` names whose words the socket writes. */
const reply = z.object({ ticket: z.string(), url: z.string(), person: z.string() });

/** For staff and observers who are in the call, or send what they wrote in it when it has just ended. */
export const takeNotesTicket = contract({
  method: "POST",
  path: "/v1/call/:interviewId/:role/notes/ticket",
  body,
  reply,
});

/** For everybody with an account in the organisation: before, during and after the call. */
export const takeNotesTicketByAccount = contract({
  method: "POST",
  path: "/v1/interviews/:interviewId/notes/ticket",
  body,
  reply,
});
