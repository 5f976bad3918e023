import { sql } from "kysely";
import { z } from "zod";
import type { Interview } from "@verbatim/shared/api/interviews";
import { DomainError } from "@verbatim/shared/errors";
import type { InterviewId, Role, SeatId } from "@verbatim/shared/ids";
import type { Member } from "../accounts/auth.ts";
import { seatsInCall } from "../calls/in-call.ts";
import { lockedRecording, type RecordingRow } from "../control/control-rows.ts";
import type { At } from "../control/controls.ts";
import { passFromClosed } from "../control/pass-control.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { hasPlace } from "../seats/place.ts";
import { auditMember } from "./audit.ts";
import { asCalendar } from "./calendar.ts";
import { interviewOf, type InterviewRow } from "./interview-row.ts";
import { insertLink, type LinkRole, linkRoles, restoreLink, revokeLinks, workingLinks } from "./link-rows.ts";
import { type InterviewSettings, notFound, wholeInterview } from "./whole-interview.ts";
import { whom } from "./whom.ts";

/** The ways in for others, after they were sent. */
export type Links = {
  revoke(member: Member, id: InterviewId, role: Role): Promise<Interview>;
  /** Undoes the last withdrawal, unless a link works. */
  restore(member: Member, id: InterviewId, role: Role): Promise<Interview>;
  renew(member: Member, id: InterviewId, role: Role): Promise<Interview>;
  /** The calendar entry for who comes in by this role's link; the interviewer's leads to the interview's page. */
  calendar(member: Member, id: InterviewId, role: Role): Promise<string>;
};

export function createLinks(deps: {
  readonly database: Database;
  readonly settings: InterviewSettings;
  /** Tells a call that is live of it: sockets of removed seats close. */
  readonly changed: (at: At) => Promise<void>;
}): Links {
  const { database, settings } = deps;

  const change = async (
    member: Member,
    id: InterviewId,
    role: Role,
    what: "link.revoke" | "link.restore" | "link.renew",
    /** Answers how many seats it closed or opened; nothing when there was nothing to do. */
    work: (trx: TenantTrx, role: LinkRole) => Promise<number | undefined>,
  ): Promise<Interview> => {
    const of = linkRole(role);
    const after = await database.tenant(member.tenantId, async (trx) => {
      // First, as every change of control does it.
      const row = await lockedRecording(trx, id);
      const found = await trx.selectFrom("interview").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
      if (!row || !found) throw notFound();
      const seats = await work(trx, of);
      if (seats === undefined) return wholeInterview(trx, member.tenantId, id, settings);
      if (seats > 0) {
        // Live, so that every process of ours closes the sockets it holds, and the media server is told until it knows.
        await trx
          .updateTable("interview")
          .set({ call_revision: sql<number>`call_revision + 1`, live_at: new Date() })
          .where("id", "=", id)
          .execute();
      }
      const control = await passFromRevoked(trx, row, await hostIn(trx, found, member), settings.nowMs());
      await auditMember(trx, member, id, what, { role, seats, ...control });
      return wholeInterview(trx, member.tenantId, id, settings);
    });
    await deps.changed({ tenantId: member.tenantId, interviewId: id });
    return after;
  };

  const end = (trx: TenantTrx, id: InterviewId, role: LinkRole): Promise<number> =>
    revokeLinks(trx, id, role, new Date(settings.nowMs()));

  return {
    revoke: (member, id, role) => change(member, id, role, "link.revoke", (trx, of) => end(trx, id, of)),
    restore: (member, id, role) => change(member, id, role, "link.restore", (trx, of) => restoreLink(trx, id, of)),
    renew: (member, id, role) =>
      change(member, id, role, "link.renew", async (trx, of) => {
        const seats = await end(trx, id, of);
        await insertLink(trx, { tenant_id: member.tenantId, interview_id: id, role: of }, settings.linkKey);
        return seats;
      }),
    calendar: (member, id, role) =>
      database.tenant(member.tenantId, async (trx) => {
        const row = await interviewOf(trx, id);
        const page = `${settings.publicUrl}/interviews/${id}`;
        const links = await workingLinks(trx, { tenantId: member.tenantId, interviewId: id }, settings);
        const url = role === "interviewer" ? page : links.find((link) => link.role === role)?.url;
        if (url === undefined) throw new DomainError("link.revoked", "This link was withdrawn. Make a new one first.");
        return asCalendar({
          uid: `${id}.${role}@${new URL(settings.publicUrl).hostname}`,
          sequence: row.sequence,
          changedAt: row.changed_at,
          startsAt: row.starts_at,
          durationMinutes: row.duration_minutes,
          cancelled: row.cancelled_at !== null,
          title: role === "candidate" ? `${row.title}, ${row.organisation}` : `${row.title}, ${row.candidate_name}`,
          description: `${url}\n${whom(row)}`,
          url,
          organiser: { name: row.host_name, email: z.email().safeParse(row.contact).data ?? "" },
        });
      }),
  };
}

/** Control that came in by this link is the member's own, where they host the call now, and otherwise free to be taken. */
async function passFromRevoked(
  trx: TenantTrx,
  row: RecordingRow,
  by: { readonly seatId: SeatId; readonly name: string } | null,
  atMs: number,
): Promise<{ readonly epoch?: number }> {
  const seatId = row.controller_seat_id;
  if (seatId === null || (await hasPlace(trx, seatId))) return {};
  const from = { name: row.controller_name, how: "place_closed" } as const;
  return passFromClosed(trx, row, { seatId, by, from }, atMs);
}

/** The seat in which this member hosts the call now. */
async function hostIn(trx: TenantTrx, interview: InterviewRow, member: Member) {
  const seats = await trx
    .selectFrom("seat")
    .select(["id", "name"])
    .where("interview_id", "=", interview.id)
    .where("user_id", "=", member.userId)
    .where("role", "in", ["interviewer", "co-interviewer"])
    .where("removed_at", "is", null)
    .execute();
  const present = seatsInCall(interview.participants);
  const seat = seats.find(({ id }) => present.has(id));
  return seat ? { seatId: seat.id, name: seat.name } : null;
}

/** The interviewer has an account and no link: there is nothing to revoke. */
function linkRole(role: Role): LinkRole {
  const found = linkRoles.find((each) => each === role);
  if (!found) throw notFound();
  return found;
}
