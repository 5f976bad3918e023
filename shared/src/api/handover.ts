import { z } from "zod";
import { contract, nothing } from "./contract.ts";

/** How long a link to one's own place on another device works. It works once. */
export const HANDOVER_MS = 10 * 60_000;

/**
 * A link to the asking person's own seat, for another device of theirs. It works once, for `HANDOVER_MS`, and a new one ends
 * the one before. It is opened as every link is. Not for people with an account: they sign in over there.
 */
export const continueElsewhere = contract({
  method: "POST",
  path: "/v1/call/:interviewId/:role/handover",
  body: nothing,
  /** Counted from the answer: the page's clock may be another than the server's. */
  reply: z.object({ url: z.string(), lastsMs: z.int().min(0) }),
});
