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

/** Adds what one request used. Two apis at once both count. */
export async function addModelUse(trx: TenantTrx, { tenantId, interviewId }: At, use: ModelUse): Promise<void> {
  await trx
    .insertInto("model_use")
    .values({
      tenant_id: tenantId,
      interview_id: interviewId,
      tokens: use.tokens,
      asked_about: use.askedAbout,
      shown: use.shown,
    })
    .onConflict((on) =>
      on.column("interview_id").doUpdateSet((eb) => ({
        tokens: eb("model_use.tokens", "+", eb.ref("excluded.tokens")),
        asked_about: eb.ref("excluded.asked_about"),
        shown: eb.ref("excluded.shown"),
      })),
    )
    .execute();
}
