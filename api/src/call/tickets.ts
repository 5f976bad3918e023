import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { DomainError } from "@verbatim/shared/errors";
import { hosts, isStaff, type Role } from "@verbatim/shared/ids";
import { TICKET_SECONDS, Ticket } from "@verbatim/shared/ticket";
import { lastConsent, mustConsent } from "../consent/consent-rows.ts";
import { currentRecording } from "../control/control-rows.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { interviewOf, type InterviewRow } from "../interviews/interview-row.ts";
import { refuseOver } from "../interviews/whom.ts";
import { currentNotice, type NoticeSettings } from "../notices/notice-rows.ts";
import type { Seat } from "../seats/seats.ts";
import { type Redeem, redeemTicket } from "./redeem-ticket.ts";

export type Tickets = {
  /** Throws `consent.required`, `interview.over`, `interview.cancelled`, `auth.forbidden`, or `state.conflict` for a guest without a name. */
  issue(seat: Seat, audience: Ticket["aud"]): Promise<string>;
  /** Takes a ticket for the live document, once. Throws `auth.required`. */
  redeem: Redeem<Ticket>;
};

/** What somebody is called who has not said a name. */
export const titles: Readonly<Record<Role, string>> = {
  interviewer: "Interviewer",
  "co-interviewer": "Co-interviewer",
  candidate: "Candidate",
  observer: "Observer",
};

export function createTickets(deps: {
  readonly database: Database;
  readonly secret: string;
  readonly settings: NoticeSettings;
  readonly nowMs: () => number;
}): Tickets {
  const { database, nowMs } = deps;
  const key = new TextEncoder().encode(deps.secret);
  /** A no is an answer. A yes must be to the notice that stands, until something is recorded: a call under way goes on. */
  const mustHaveAnswered = async (
    trx: TenantTrx,
    interview: InterviewRow,
    consent: Awaited<ReturnType<typeof lastConsent>>,
  ): Promise<void> => {
    if (!consent) throw new DomainError("consent.required", "Please read and answer the notice first.");
    if (!consent.accepted) return;
    const { version } = await currentNotice(trx, interview, deps.settings);
    if (consent.version === version || (await currentRecording(trx, interview.id))?.phase !== "idle") return;
    throw new DomainError("consent.required", "The notice has changed since you agreed. Please read it again.");
  };
  return {
    async issue(seat, audience) {
      if (audience === "document" && !isStaff(seat.role)) {
        throw new DomainError("auth.forbidden", "The live document is for staff and observers.");
      }
      const consent = await database.tenant(seat.tenantId, async (trx) => {
        const interview = await interviewOf(trx, seat.interviewId);
        if (audience !== "document") refuseOver(interview);
        const last = await lastConsent(trx, seat);
        if (audience === "call" && mustConsent(seat.role)) await mustHaveAnswered(trx, interview, last);
        return last;
      });
      if (audience === "call") {
        if (seat.name === "") throw new DomainError("state.conflict", "name: please say who you are first.");
      }
      const claims: Omit<Ticket, "exp"> = {
        aud: audience,
        jti: randomUUID(),
        tenantId: seat.tenantId,
        interviewId: seat.interviewId,
        seatId: seat.seatId,
        deviceId: seat.deviceId,
        role: seat.role,
        name: seat.name === "" ? titles[seat.role] : seat.name,
        consented: !mustConsent(seat.role) || consent?.accepted === true,
        admitted: seat.admitted || hosts(seat.role) || seat.role === "observer",
      };
      const exp = Math.floor(nowMs() / 1000) + TICKET_SECONDS;
      return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setExpirationTime(exp).sign(key);
    },
    redeem: redeemTicket({ database, key, nowMs, audience: "document", schema: Ticket }),
  };
}
