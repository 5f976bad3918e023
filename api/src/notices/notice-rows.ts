import type { Selectable } from "kysely";
import type { Notice } from "@verbatim/shared/api/notice";
import type { SpeechService } from "@verbatim/shared/speech/service";
import type { TenantTrx } from "../database/database.ts";
import type { InterviewTable } from "../database/tables.ts";
import { speechPlan } from "../interviews/speech-engine.ts";
import { noticeFor } from "./notice.ts";
import type { NoticeFacts, Recorded, SuggestionService } from "./notice-facts.ts";

type InterviewRow = Selectable<InterviewTable>;

/** What of a notice is decided by how this Verbatim is set up. */
export type NoticeSettings = {
  readonly speech: () => SpeechService;
  /** The model that makes follow-up questions, where there is one. */
  readonly suggestions: { readonly service: SuggestionService } | undefined;
  readonly recorded: Omit<Recorded, "picture">;
};

type Named = Pick<
  InterviewRow,
  "organisation" | "host_name" | "contact" | "kept_months" | "language" | "record_picture" | "template"
>;

export function factsOf(interview: Named, settings: NoticeSettings): NoticeFacts {
  const { engine } = speechPlan(settings.speech(), interview.language);
  // Follow-up questions need a plan to ask for, and somebody's written words.
  const suggested = interview.template !== null && engine !== "none";
  return {
    organisation: interview.organisation,
    host: interview.host_name,
    contact: interview.contact,
    keptMonths: interview.kept_months,
    engine,
    suggestions: (suggested && settings.suggestions?.service) || "none",
    recorded: { ...settings.recorded, picture: interview.record_picture },
  };
}

/** The notice that stands for an interview now, in its language. */
export async function currentNotice(
  trx: TenantTrx,
  interview: InterviewRow,
  settings: NoticeSettings,
): Promise<Notice> {
  return noticeFor(interview.language, factsOf(interview, settings), await ownNotice(trx, interview));
}

/** What staff wrote for it in its language, or nothing. */
export async function ownNotice(trx: TenantTrx, interview: Pick<InterviewRow, "id" | "language">): Promise<string> {
  const row = await trx
    .selectFrom("notice_text")
    .select("text")
    .where("interview_id", "=", interview.id)
    .where("language", "=", interview.language)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.text ?? "";
}

export async function writeOwnNotice(
  trx: TenantTrx,
  interview: Pick<InterviewRow, "tenant_id" | "id" | "language">,
  text: string,
  writtenBy: string,
): Promise<void> {
  await trx
    .insertInto("notice_text")
    .values({
      tenant_id: interview.tenant_id,
      interview_id: interview.id,
      language: interview.language,
      text,
      written_by: writtenBy,
    })
    .execute();
}

/** Keeps a notice word for word, so that what somebody answered can be read later. */
export async function keepNotice(trx: TenantTrx, interview: InterviewRow, notice: Notice): Promise<void> {
  await trx
    .insertInto("notice_version")
    .values({
      tenant_id: interview.tenant_id,
      interview_id: interview.id,
      version: notice.version,
      content: JSON.stringify(notice),
    })
    .onConflict((on) => on.doNothing())
    .execute();
}
