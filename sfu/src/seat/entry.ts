import type { ErrorCode } from "@verbatim/shared/errors";
import { hosts, MAX_OBSERVERS } from "@verbatim/shared/ids";
import type { Ticket } from "@verbatim/shared/ticket";
import { isTaken, type Seat } from "./seat.ts";

/** What a room knows when somebody knocks. */
export type EntryFacts = {
  readonly seat: Seat;
  readonly ticket: Ticket;
  /** This device of this seat was let in before. */
  readonly deviceAdmitted: boolean;
  /** Observers' seats taken now, this seat not counted. */
  readonly otherObservers: number;
  readonly callEnded: boolean;
  /** The seat's right was withdrawn; whoever is invited again gets another seat. */
  readonly removed: boolean;
};

export type EntryDecision =
  | { readonly type: "in" }
  | { readonly type: "wait"; readonly secondDevice: boolean }
  | { readonly type: "refuse"; readonly code: ErrorCode; readonly message: string };

const refuse = (code: ErrorCode, message: string): EntryDecision => ({ type: "refuse", code, message });

/**
 * Who walks in, who waits for a host and who is turned away. Synchronous, so that of fifty observers at the same moment
 * exactly five get in.
 *
 * The seat belongs to the device that took it first. Another device asks: a forwarded link must not throw its owner out.
 * Staff whose own device is away walk in, because nobody else may be there to admit them; a candidate's link is the one
 * that travels by mail, so its second device always asks.
 */
export function decideEntry(facts: EntryFacts): EntryDecision {
  const { seat, ticket } = facts;
  if (facts.callEnded) return refuse("interview.over", "This interview is over.");
  if (facts.removed) return refuse("seat.removed", "Your place in this call was closed.");
  const bound = seat.phase === "empty" ? null : seat.device;
  if (bound !== null && bound !== ticket.deviceId && !facts.deviceAdmitted) {
    const ownerThere = seat.phase === "held" && seat.silentSinceUs === null;
    if (ticket.role === "candidate" || ownerThere) return { type: "wait", secondDevice: true };
  }
  if (ticket.role === "observer" && !isTaken(seat) && facts.otherObservers >= MAX_OBSERVERS) {
    return refuse("observers.full", `All ${MAX_OBSERVERS} observers' places are taken.`);
  }
  const welcome = ticket.admitted || facts.deviceAdmitted || hosts(ticket.role) || ticket.role === "observer";
  return welcome ? { type: "in" } : { type: "wait", secondDevice: false };
}
