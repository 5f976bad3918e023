import type { z } from "zod";
import type { NoticePreview, previewNotice } from "@verbatim/shared/api/notice";
import type { Language } from "@verbatim/shared/languages";
import type { Template } from "@verbatim/shared/plan/template";
import type { Member } from "../accounts/auth.ts";
import type { Database } from "../database/database.ts";
import { speechPlan } from "../interviews/speech-engine.ts";
import { notFound } from "../interviews/whole-interview.ts";
import { noticeFor, ownText } from "./notice.ts";
import { factsOf, type NoticeSettings, ownNotice } from "./notice-rows.ts";

type Given = z.infer<typeof previewNotice.body>;

/** The notice says that questions are suggested for a plan, and nothing of what is in it. */
const anyPlan: Template = { name: "", minutes: 0, questions: [], competencies: [] };

/** The notice as it would be read if what is in the form were saved. Throws `not_found` for another's interview. */
export type Previews = (member: Member, language: Language, given: Given) => Promise<NoticePreview>;

export function createPreviews(deps: { readonly database: Database; readonly settings: NoticeSettings }): Previews {
  return (member, language, { interviewId, contact, keptMonths, recordPicture, planned, notice }) =>
    deps.database.tenant(member.tenantId, async (trx) => {
      const made =
        interviewId === undefined
          ? undefined
          : await trx
              .selectFrom("interview")
              .select(["id", "organisation", "host_name", "template"])
              .where("id", "=", interviewId)
              .executeTakeFirst();
      if (interviewId !== undefined && !made) throw notFound();
      const { organisation, host_name } = made ?? { organisation: member.organisation, host_name: member.name };
      const template = (planned ?? Boolean(made?.template)) ? anyPlan : null;
      const facts = factsOf(
        {
          organisation,
          host_name,
          contact,
          kept_months: keptMonths,
          language,
          record_picture: recordPicture,
          template,
        },
        deps.settings,
      );
      const own = notice ?? (made ? await ownNotice(trx, { id: made.id, language }) : "");
      const speech = speechPlan(deps.settings.speech(), language);
      return { notice: noticeFor(language, facts, own), standard: ownText(language), speech, own };
    });
}
