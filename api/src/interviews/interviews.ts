import { randomUUID } from "node:crypto";
import {
  type Interview,
  type InterviewDraft,
  type InterviewSummary,
  PICTURE_BY_DEFAULT,
} from "@verbatim/shared/api/interviews";
import { InterviewId, RecordingId } from "@verbatim/shared/ids";
import { idleControl } from "@verbatim/shared/recording/state";
import type { Member } from "../accounts/auth.ts";
import { insertRecording } from "../control/control-rows.ts";
import type { Database } from "../database/database.ts";
import { auditMember } from "./audit.ts";
import { writeOwnNotice } from "../notices/notice-rows.ts";
import { columnsOf } from "./interview-row.ts";
import { insertLink, linkRoles } from "./link-rows.ts";
import { type InterviewSettings, interviewRows, interviewSummary, wholeInterview } from "./whole-interview.ts";

export type Interviews = {
  list(member: Member): Promise<InterviewSummary[]>;
  create(member: Member, draft: InterviewDraft): Promise<Interview>;
  /** Throws `not_found` for another tenant's interview, too. */
  get(member: Member, id: InterviewId): Promise<Interview>;
};

export function createInterviews(deps: {
  readonly database: Database;
  readonly settings: InterviewSettings;
}): Interviews {
  const { database, settings } = deps;
  return {
    list: (member) =>
      database.tenant(member.tenantId, async (trx) => {
        const found = await interviewRows(trx).orderBy("interview.starts_at", "desc").limit(500).execute();
        return found.map((row) => interviewSummary(row, settings.nowMs()));
      }),
    get: (member, id) => database.tenant(member.tenantId, (trx) => wholeInterview(trx, member.tenantId, id, settings)),
    create: (member, draft) =>
      database.tenant(member.tenantId, async (trx) => {
        const { tenantId } = member;
        const id = InterviewId.parse(randomUUID());
        await trx
          .insertInto("interview")
          .values({
            tenant_id: tenantId,
            id,
            ...columnsOf(draft),
            record_picture: draft.recordPicture ?? PICTURE_BY_DEFAULT,
            template: draft.template ? JSON.stringify(draft.template) : null,
            created_by: member.userId,
            host_name: member.name,
            organisation: member.organisation,
            contact: draft.contact ?? member.email,
            ...(draft.keptMonths === undefined ? {} : { kept_months: draft.keptMonths }),
          })
          .execute();
        if (draft.notice) {
          await writeOwnNotice(trx, { tenant_id: tenantId, id, language: draft.language }, draft.notice, member.userId);
        }
        for (const role of linkRoles) {
          await insertLink(trx, { tenant_id: tenantId, interview_id: id, role }, settings.linkKey);
        }
        const first = { tenantId, interviewId: id, part: 1, control: idleControl };
        await insertRecording(trx, first, RecordingId.parse(randomUUID()));
        await auditMember(trx, member, id, "interview.create");
        return wholeInterview(trx, tenantId, id, settings);
      }),
  };
}
