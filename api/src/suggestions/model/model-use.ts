import type { At } from "../../control/controls.ts";
import type { TenantTrx } from "../../database/database.ts";
import type { ModelUse } from "../suggestion-maker.ts";

export async function readModelUse(trx: TenantTrx, { interviewId }: At): Promise<ModelUse> {
  const row = await trx
    .selectFrom("model_use")
    .select(["tokens", "asked_about", "shown"])
    .where("interview_id", "=", interviewId)
    .executeTakeFirst();
  return { tokens: row?.tokens ?? 0, askedAbout: row?.asked_about ?? "", shown: row?.shown ?? false };
}

/**
 * Counts the most that a request about this answer can cost, before it is sent: whoever dies before it is answered has
 * counted it. Of several processes one is told true. `tokens` alone are within the budget.
 */
export async function reserveModelUse(
  trx: TenantTrx,
  { tenantId, interviewId }: At,
  { tokens, askedAbout, budgetTokens }: { tokens: number; askedAbout: string; budgetTokens: number },
): Promise<boolean> {
  const row = await trx
    .insertInto("model_use")
    .values({ tenant_id: tenantId, interview_id: interviewId, tokens, asked_about: askedAbout, shown: false })
    .onConflict((on) =>
      on
        .column("interview_id")
        .doUpdateSet((eb) => ({
          tokens: eb("model_use.tokens", "+", eb.ref("excluded.tokens")),
          asked_about: eb.ref("excluded.asked_about"),
          shown: false,
        }))
        .where("model_use.asked_about", "!=", askedAbout)
        .where("model_use.tokens", "<=", budgetTokens - tokens),
    )
    .returning("interview_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Once a request was answered: what it used stands in place of what was reserved, and whether its questions are shown. */
export async function settleModelUse(
  trx: TenantTrx,
  { interviewId }: At,
  { reserved, used, shown }: { reserved: number; used: number; shown: boolean },
): Promise<void> {
  await trx
    .updateTable("model_use")
    .set((eb) => ({ tokens: eb("tokens", "+", used - reserved), ...(shown ? { shown } : {}) }))
    .where("interview_id", "=", interviewId)
    .execute();
}
