import type { Selectable } from "kysely";
import type { Interview, InterviewSummary } from "@verbatim/shared/api/interviews";
import { DomainError } from "@verbatim/shared/errors";
import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import { recordingOff } from "@verbatim/shared/recording/view";
import type { TenantTrx } from "../database/database.ts";
import type { InterviewTable, RecordingTable } from "../database/tables.ts";
import { speakersAnswers } from "../consent/consent-rows.ts";
import { currentNotice, type NoticeSettings, ownNotice } from "../notices/notice-rows.ts";
import { type InterviewFacts, interviewState, isOpen, presentCount } from "./interview-state.ts";
import { withdrawnLinks, workingLinks } from "./link-rows.ts";
import { mayCancel, mayEdit } from "./may-change.ts";
import { speechPlan } from "./speech-engine.ts";

export type InterviewSettings = NoticeSettings & {
  readonly linkKey: string;
  readonly publicUrl: string;
  readonly nowMs: () => number;
};

type Row = Selectable<InterviewTable> & Pick<Selectable<RecordingTable>, "phase" | "outcome" | "part">;

export const notFound = (): DomainError => new DomainError("not_found", "There is no such interview.");

/** An interview as its own people see it, with the links that work. Throws `not_found`. */
export async function wholeInterview(
  trx: TenantTrx,
  tenantId: TenantId,
  id: InterviewId,
  settings: InterviewSettings,
): Promise<Interview> {
  const row = await interviewRows(trx).where("interview.id", "=", id).executeTakeFirst();
  if (!row) throw notFound();
  const candidate = (await speakersAnswers(trx, id)).find(({ role }) => role === "candidate");
  return {
    ...interviewSummary(row, settings.nowMs()),
    notice: await currentNotice(trx, row, settings),
    ownNotice: await ownNotice(trx, row),
    consent:
      candidate?.accepted != null && candidate.at
        ? { accepted: candidate.accepted, at: candidate.at.toISOString() }
        : null,
    links: await workingLinks(trx, { tenantId, interviewId: id }, settings),
    withdrawnLinks: await withdrawnLinks(trx, id),
    contact: row.contact,
    keptMonths: row.kept_months,
    recordPicture: row.record_picture,
    template: row.template,
    mayEdit: mayEdit(row),
    mayCancel: mayCancel(row),
    movedFrom: row.moved_from?.toISOString() ?? null,
    recording: row.view ?? recordingOff,
    serverNowMs: settings.nowMs(),
    speech: speechPlan(settings.speech(), row.language),
  };
}

/** Interviews, each with its last part's state. */
export function interviewRows(trx: TenantTrx) {
  return trx
    .selectFrom("interview")
    .innerJoinLateral(
      (of) =>
        of
          .selectFrom("recording")
          .select(["phase", "outcome", "part"])
          .whereRef("interview_id", "=", "interview.id")
          .orderBy("part", "desc")
          .limit(1)
          .as("last"),
      (join) => join.onTrue(),
    )
    .selectAll("interview")
    .select(["last.phase", "last.outcome", "last.part"]);
}

export function interviewSummary(row: Row, nowMs: number): InterviewSummary {
  const facts: InterviewFacts = {
    phase: row.phase,
    outcome: row.outcome,
    participants: row.participants,
    ended: row.ended_at !== null,
    cancelled: row.cancelled_at !== null,
    endsAtMs: row.starts_at.getTime() + row.duration_minutes * 60_000,
    nowMs,
  };
  return {
    id: row.id,
    title: row.title,
    candidateName: row.candidate_name,
    startsAt: row.starts_at.toISOString(),
    zone: row.zone,
    durationMinutes: row.duration_minutes,
    language: row.language,
    autoStart: row.auto_start,
    state: interviewState(facts),
    open: isOpen(facts),
    present: presentCount(row.participants),
  };
}
