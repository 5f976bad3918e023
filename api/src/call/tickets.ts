import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { DomainError } from "@verbatim/shared/errors";
import { hosts, isStaff, type Role } from "@verbatim/shared/ids";
import { TICKET_SECONDS, Ticket } from "@verbatim/shared/ticket";
import { lastConsent, mustConsent } from "../consent/consent-rows.ts";
import { currentRecording } from "../control/control-rows.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { type InterviewRow, readParticipants } from "../calls/call-rows.ts";
import { absent, seatsInCall } from "../calls/in-call.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { refuseOver } from "../interviews/whom.ts";
import { currentNotice, type NoticeSettings } from "../notices/notice-rows.ts";
import type { Seat } from "../seats/seats.ts";

export type Tickets = {
  /** Throws `consent.required`, `interview.over`, `interview.cancelled`, `auth.forbidden`, or `state.conflict` for a guest without a name. */
  issue(seat: Seat, audience: Ticket["aud"]): Promise<string>;
  /** Takes a ticket for the live document, once. Throws `auth.required`, or `call.absent` for who left the call since. */
  redeem(token: string): Promise<Ticket>;
};

const titles: Readonly<Record<Role, string>> = {
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
  const refused = (cause?: unknown): DomainError =>
    new DomainError("auth.required", "This ticket is not valid any more. Take a new one.", { cause });

  return {
    async issue(seat, audience) {
      if (audience === "document" && !isStaff(seat.role)) {
        throw new DomainError("auth.forbidden", "The live document is for staff and observers.");
      }
      const consent = await database.tenant(seat.tenantId, async (trx) => {
        const interview = await trx
          .selectFrom("interview")
          .selectAll()
          .where("id", "=", seat.interviewId)
          .executeTakeFirst();
        if (!interview) throw notFound();
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
    async redeem(token) {
      const ticket = await readTicket(token, key, nowMs, refused);
      const taken = await database.tenant(ticket.tenantId, async (trx) => {
        await trx
          .deleteFrom("ticket_used")
          .where("expires_at", "<", new Date(nowMs() - 60_000))
          .execute();
        const seat = await trx
          .selectFrom("seat")
          .select("removed_at")
          .where("id", "=", ticket.seatId)
          .where("interview_id", "=", ticket.interviewId)
          .executeTakeFirst();
        if (seat?.removed_at !== null) throw refused();
        const used = await trx
          .insertInto("ticket_used")
          .values({ tenant_id: ticket.tenantId, jti: ticket.jti, expires_at: new Date(ticket.exp * 1000) })
          .onConflict((on) => on.doNothing())
          .executeTakeFirst();
        if (used.numInsertedOrUpdatedRows !== 1n) throw refused();
        return seatsInCall(await readParticipants(trx, ticket.interviewId)).has(ticket.seatId);
      });
      if (!taken) throw absent();
      return ticket;
    },
  };
}

async function readTicket(
  token: string,
  key: Uint8Array,
  nowMs: () => number,
  refused: (cause: unknown) => DomainError,
): Promise<Ticket> {
  try {
    const { payload } = await jwtVerify(token, key, {
      audience: "document",
      algorithms: ["HS256"],
      currentDate: new Date(nowMs()),
    });
    return Ticket.parse(payload);
  } catch (cause) {
    throw refused(cause);
  }
}
