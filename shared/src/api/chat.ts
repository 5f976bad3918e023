import { z } from "zod";
import { Role, SeatId } from "../ids.ts";
import { Text } from "../text.ts";
import { contract, nothing } from "./contract.ts";

/**
 * What people in a call write to one another: the way out when sound fails. Kept with the interview, and stored
 * before anybody else sees it. Only for those whom everybody sees in the call.
 */
export const chatLimits = { letters: 2_000, messages: 2_000 } as const;

export const ChatMessage = z.object({
  id: z.uuid(),
  /** 1 for the interview's first message, without holes. */
  seq: z.int().min(1),
  seatId: SeatId,
  role: Role,
  /** As the server knows them. */
  name: z.string(),
  text: z.string(),
  atMs: z.int(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

const chat = "/v1/call/:interviewId/:role/chat";

/** `id` is made by the page that sends it: a repeated try is the same message. */
export const sendMessage = contract({
  method: "POST",
  path: chat,
  body: z.strictObject({
    id: z.uuid(),
    text: Text.min(1, "is needed").max(chatLimits.letters, `must be at most ${chatLimits.letters} letters`),
  }),
  reply: ChatMessage,
});

/** Messages after the one with this number, oldest first; 0 asks for all. */
export const readMessages = contract({
  method: "GET",
  path: `${chat}/after/:seq`,
  body: nothing,
  reply: z.object({ messages: z.array(ChatMessage) }),
});
