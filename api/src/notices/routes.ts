import type Router from "@koa/router";
import { PICTURE_BY_DEFAULT } from "@verbatim/shared/api/interviews";
import { getNoticeText } from "@verbatim/shared/api/notice";
import type { Accounts } from "../accounts/accounts.ts";
import { whoAsks } from "../accounts/routes.ts";
import { serve } from "../http/serve.ts";
import { speechPlan } from "../interviews/speech-engine.ts";
import { noticeFor, ownText } from "./notice.ts";
import type { NoticeSettings } from "./notice-rows.ts";

/** As the table's default. */
const KEPT_MONTHS = 6;

/** What staff begin with when they write a notice for a new interview: ours, as it would be for them. */
export function noticeRoutes(
  router: Router,
  deps: { readonly accounts: Accounts; readonly settings: NoticeSettings },
): void {
  serve(router, getNoticeText, async ({ params, ctx }) => {
    const member = await whoAsks(deps.accounts, ctx);
    const facts = {
      organisation: member.organisation,
      host: member.name,
      contact: member.email,
      keptMonths: KEPT_MONTHS,
      engine: speechPlan(deps.settings.speech, params.language).engine,
      recorded: { ...deps.settings.recorded, picture: PICTURE_BY_DEFAULT },
    };
    return { fixed: noticeFor(params.language, facts, "").fixed.text, text: ownText(params.language, facts) };
  });
}
