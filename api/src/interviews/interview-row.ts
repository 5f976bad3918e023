import type { Selectable } from "kysely";
import type { InterviewDraft } from "@verbatim/shared/api/interviews";
import type { InterviewId } from "@verbatim/shared/ids";
import type { TenantTrx } from "../database/database.ts";
import type { InterviewTable } from "../database/tables.ts";
import { notFound } from "./whole-interview.ts";

export type InterviewRow = Selectable<InterviewTable>;

/** Throws `not_found`. */
export async function interviewOf(trx: TenantTrx, id: InterviewId): Promise<InterviewRow> {
  const row = await trx.selectFrom("interview").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw notFound();
  return row;
}

/** What a draft says of an interview's own row, but for what may be left out of it. */
export const columnsOf = (draft: InterviewDraft) => ({
  title: draft.title,
  candidate_name: draft.candidateName,
  starts_at: new Date(draft.startsAt),
  zone: draft.zone,
  duration_minutes: draft.durationMinutes,
  language: draft.language,
  auto_start: draft.autoStart,
});
