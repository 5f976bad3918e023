import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Interview, InterviewDraft, InterviewSummary } from "@verbatim/shared/api/interviews";
import { pageUrl } from "@verbatim/shared/api/pages";
import { DomainError } from "@verbatim/shared/errors";
import { InterviewId, RecordingId, type TenantId } from "@verbatim/shared/ids";
import { recordingOff } from "@verbatim/shared/recording/view";
import type { Member } from "../accounts/auth.ts";
import { insertRecording } from "../control/control-rows.ts";
import type { Database, TenantTrx } from "../database/database.ts";
import type { InterviewTable, LinkTable, RecordingTable } from "../database/tables.ts";
import { interviewState, presentCount } from "./interview-state.ts";
import { hashSecret, linkSecret } from "./link-token.ts";
import { speechPlan } from "./speech-engine.ts";

export type Interviews = {
  list(member: Member): Promise<InterviewSummary[]>;
  create(member: Member, draft: InterviewDraft): Promise<Interview>;
  /** Throws `not_found` for another tenant's interview, too. */
  get(member: Member, id: InterviewId): Promise<Interview>;
};

type Row = Selectable<InterviewTable> & Pick<Selectable<RecordingTable>, "phase" | "outcome">;

export const notFound = (): DomainError => new DomainError("not_found", "There is no such interview.");

export function createInterviews(deps: {
  readonly database: Database;
  readonly linkKey: string;
  readonly publicUrl: string;
  readonly speech: { readonly deepgram: boolean; readonly offline: boolean };
  readonly nowMs: () => number;
}): Interviews {
  const { database, linkKey } = deps;

  const whole = async (trx: TenantTrx, tenantId: TenantId, id: InterviewId): Promise<Interview> => {
    const row = await rows(trx).where("interview.id", "=", id).executeTakeFirst();
    if (!row) throw notFound();
    const links = await trx
      .selectFrom("link")
      .select(["id", "role", "generation"])
      .where("interview_id", "=", id)
      .where("revoked_at", "is", null)
      .orderBy("role")
      .execute();
    return {
      ...summary(row, deps.nowMs()),
      links: links.map((link) => ({
        role: link.role,
        url: pageUrl(deps.publicUrl, "join", `${tenantId}.${linkSecret(linkKey, link)}`),
      })),
      recording: row.view ?? recordingOff,
      serverNowMs: deps.nowMs(),
      speech: speechPlan(deps.speech, row.language),
    };
  };

  return {
    list: (member) =>
      database.tenant(member.tenantId, async (trx) => {
        const found = await rows(trx).orderBy("interview.starts_at", "desc").limit(500).execute();
        return found.map((row) => summary(row, deps.nowMs()));
      }),
    get: (member, id) => database.tenant(member.tenantId, (trx) => whole(trx, member.tenantId, id)),
    create: (member, draft) =>
      database.tenant(member.tenantId, async (trx) => {
        const { tenantId } = member;
        const id = InterviewId.parse(randomUUID());
        await trx
          .insertInto("interview")
          .values({
            tenant_id: tenantId,
            id,
            title: draft.title,
            candidate_name: draft.candidateName,
            starts_at: new Date(draft.startsAt),
            zone: draft.zone,
            duration_minutes: draft.durationMinutes,
            language: draft.language,
            auto_start: draft.autoStart,
            created_by: member.userId,
            host_name: member.name,
            organisation: member.organisation,
          })
          .execute();
        for (const role of ["candidate", "co-interviewer", "observer"] as const) {
          await insertLink(trx, { tenant_id: tenantId, interview_id: id, role }, linkKey);
        }
        const idle = { tenantId, interviewId: id, part: 1, controller: null, controllerName: "", epoch: 0 };
        await insertRecording(trx, idle, RecordingId.parse(randomUUID()));
        await trx
          .insertInto("audit")
          .values({ tenant_id: tenantId, interview_id: id, actor: `user:${member.userId}`, action: "interview.create" })
          .execute();
        return whole(trx, tenantId, id);
      }),
  };
}

async function insertLink(
  trx: TenantTrx,
  link: Pick<Selectable<LinkTable>, "tenant_id" | "interview_id" | "role">,
  key: string,
): Promise<void> {
  const id = randomUUID();
  const secret_hash = hashSecret(linkSecret(key, { id, generation: 1 }));
  await trx
    .insertInto("link")
    .values({ ...link, id, generation: 1, secret_hash })
    .execute();
}

/** Interviews, each with its last part's state. */
function rows(trx: TenantTrx) {
  return trx
    .selectFrom("interview")
    .innerJoinLateral(
      (of) =>
        of
          .selectFrom("recording")
          .select(["phase", "outcome"])
          .whereRef("interview_id", "=", "interview.id")
          .orderBy("part", "desc")
          .limit(1)
          .as("last"),
      (join) => join.onTrue(),
    )
    .selectAll("interview")
    .select(["last.phase", "last.outcome"]);
}

function summary(row: Row, nowMs: number): InterviewSummary {
  return {
    id: row.id,
    title: row.title,
    candidateName: row.candidate_name,
    startsAt: row.starts_at.toISOString(),
    zone: row.zone,
    durationMinutes: row.duration_minutes,
    language: row.language,
    autoStart: row.auto_start,
    state: interviewState({
      phase: row.phase,
      outcome: row.outcome,
      participants: row.participants,
      ended: row.ended_at !== null,
      endsAtMs: row.starts_at.getTime() + row.duration_minutes * 60_000,
      nowMs,
    }),
    present: presentCount(row.participants),
  };
}
