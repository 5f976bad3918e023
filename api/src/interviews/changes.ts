import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import type { Interview, InterviewDraft } from "@verbatim/shared/api/interviews";
import { DomainError } from "@verbatim/shared/errors";
import type { InterviewId } from "@verbatim/shared/ids";
import type { Member } from "../accounts/auth.ts";
import type { At } from "../control/controls.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import { auditMember } from "./audit.ts";
import { ownNotice, writeOwnNotice } from "../notices/notice-rows.ts";
import { columnsOf } from "./interview-row.ts";
import { mayCancel, mayEdit } from "./may-change.ts";
import { refuseOver } from "./whom.ts";
import { type InterviewSettings, interviewRows, notFound, wholeInterview } from "./whole-interview.ts";

/** What staff change about an interview that was made: see the contracts. */
export type Changes = {
  edit(member: Member, id: InterviewId, draft: InterviewDraft): Promise<Interview>;
  cancel(member: Member, id: InterviewId): Promise<Interview>;
  restore(member: Member, id: InterviewId): Promise<Interview>;
};

/** Calendars learn of it by the sequence, the media server by the revision. */
const counted = {
  sequence: sql<number>`sequence + 1`,
  call_revision: sql<number>`call_revision + 1`,
  changed_at: sql<Date>`now()`,
};

export function createChanges(deps: {
  readonly database: Database;
  readonly settings: InterviewSettings;
  /** Tells a call that is live of it. */
  readonly changed: (at: At) => Promise<void>;
}): Changes {
  const { database, settings } = deps;

  const change = async (
    member: Member,
    id: InterviewId,
    work: (trx: TenantTrx, row: Row) => Promise<void>,
  ): Promise<Interview> => {
    const after = await database.tenant(member.tenantId, async (trx) => {
      await work(trx, await lockedRow(trx, id));
      return wholeInterview(trx, member.tenantId, id, settings);
    });
    await deps.changed({ tenantId: member.tenantId, interviewId: id });
    return after;
  };

  return {
    edit: (member, id, draft) =>
      change(member, id, async (trx, row) => {
        if (row.cancelled_at !== null) refuseOver(row);
        const next = {
          ...columnsOf(draft),
          record_picture: draft.recordPicture ?? row.record_picture,
          contact: draft.contact ?? row.contact,
          kept_months: draft.keptMonths ?? row.kept_months,
        };
        const fields = (Object.keys(next) as (keyof typeof next)[]).filter(
          (field) => String(next[field]) !== String(row[field]),
        );
        const spoken = { tenant_id: member.tenantId, id, language: draft.language };
        const template = draft.template === undefined ? row.template : draft.template;
        const planChanges = !isDeepStrictEqual(template, row.template);
        const noticeChanges = draft.notice !== undefined && draft.notice !== (await ownNotice(trx, spoken));
        if (fields.length === 0 && !noticeChanges && !planChanges) return;
        const free: readonly (keyof typeof next)[] = ["title", "candidate_name"];
        if (noticeChanges || planChanges || !fields.every((field) => free.includes(field))) checkPlanMayChange(row);
        if (noticeChanges) await writeOwnNotice(trx, spoken, draft.notice ?? "", member.userId);
        const moved = fields.includes("starts_at") ? { moved_from: row.starts_at } : {};
        await trx
          .updateTable("interview")
          .set({ ...next, ...moved, ...counted, template: template && JSON.stringify(template) })
          .where("id", "=", id)
          .execute();
        await auditMember(trx, member, id, "interview.edit", {
          fields: [...fields, ...(noticeChanges ? ["notice"] : []), ...(planChanges ? ["template"] : [])],
        });
      }),
    cancel: (member, id) =>
      change(member, id, async (trx, row) => {
        if (row.cancelled_at !== null) return;
        const may = mayCancel(row);
        if (may === "recording") {
          throw new DomainError("state.conflict", "This interview is being recorded. End the call first.");
        }
        if (may === "over") {
          throw new DomainError("interview.over", "This interview has taken place; there is nothing to cancel.");
        }
        await trx
          .updateTable("interview")
          .set({ cancelled_at: new Date(settings.nowMs()), ...counted })
          .where("id", "=", id)
          .execute();
        await auditMember(trx, member, id, "interview.cancel");
      }),
    restore: (member, id) =>
      change(member, id, async (trx, row) => {
        if (row.cancelled_at === null) return;
        await trx
          .updateTable("interview")
          .set({ cancelled_at: null, ...counted })
          .where("id", "=", id)
          .execute();
        await auditMember(trx, member, id, "interview.restore");
      }),
  };
}

type Row = NonNullable<Awaited<ReturnType<typeof lockedRow>>>;

/** Two changes at once follow one another: the second sees what the first made of it. */
async function lockedRow(trx: TenantTrx, id: InterviewId) {
  await trx.selectFrom("interview").select("id").where("id", "=", id).forUpdate().execute();
  const row = await interviewRows(trx).where("interview.id", "=", id).executeTakeFirst();
  if (!row) throw notFound();
  return row;
}

function checkPlanMayChange(row: Row): void {
  const may = mayEdit(row);
  if (may === "names_begun") {
    throw new DomainError(
      "state.conflict",
      "This interview has begun. Only its title and the name can be changed now.",
    );
  }
  if (may === "names_present") {
    throw new DomainError(
      "state.conflict",
      "People are in the call. Until they have left, only the title and the name can be changed.",
    );
  }
}
