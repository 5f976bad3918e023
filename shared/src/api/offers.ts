import { z } from "zod";
import { SeatId } from "../ids.ts";
import { contract, done } from "./contract.ts";

/** An observer who must speak is offered a co-interviewer's seat: a new one, with its own consent and its own ticket. */
const offers = "/v1/call/:interviewId/:role/offers";

/**
 * Hosts, and a controller with an account: to an observer who is in the call. Good for five minutes, once. Asked again
 * while it stands, it is the same offer.
 */
export const offerSeat = contract({
  method: "POST",
  path: offers,
  body: z.strictObject({ seatId: SeatId }),
  reply: z.object({ offerId: z.uuid() }),
});

/** Hosts, and whoever made the offer. */
export const withdrawOffer = contract({
  method: "POST",
  path: `${offers}/withdraw`,
  body: z.strictObject({ offerId: z.uuid() }),
  reply: done,
});

/**
 * The observer to whom it was made. A yes answers with the cookie of a co-interviewer's seat; the observer's own place ends
 * when that seat first asks for its ticket into the call. The same yes again, as after a lost answer, is the same seat.
 */
export const answerOffer = contract({
  method: "POST",
  path: `${offers}/answer`,
  body: z.strictObject({ offerId: z.uuid(), accepted: z.boolean() }),
  reply: done,
});
