import { sql } from "kysely";
import type { InterviewId } from "@verbatim/shared/ids";
import type { At } from "../control/controls.ts";
import type { Database, TenantTrx } from "../database/database.ts";

/** How long after its last sign of life a call with nothing left to do is still told to the media server. */
const QUIET = sql`interval '15 minutes'`;

/** Which calls the media server must know of. */
export async function findLive(database: Database): Promise<At[]> {
  const tenants = await database.system((trx) => trx.selectFrom("tenant").select("id").execute());
  const found: At[] = [];
  for (const { id: tenantId } of tenants) {
    const rows = await database.tenant(tenantId, (trx) =>
      trx.selectFrom("interview").select("id").where("live_at", "is not", null).execute(),
    );
    found.push(...rows.map(({ id }) => ({ tenantId, interviewId: id })));
  }
  return found;
}

export async function markLive(trx: TenantTrx, interviewId: InterviewId): Promise<void> {
  await trx.updateTable("interview").set({ live_at: new Date() }).where("id", "=", interviewId).execute();
}

export async function isLive(trx: TenantTrx, interviewId: InterviewId): Promise<boolean> {
  const row = await trx.selectFrom("interview").select("live_at").where("id", "=", interviewId).executeTakeFirst();
  return row?.live_at != null;
}

/** Lets calls go in which nobody is and nothing is recorded or waited for. */
export async function forgetQuiet(database: Database, live: readonly At[]): Promise<void> {
  for (const tenantId of new Set(live.map((at) => at.tenantId))) {
    await database.tenant(tenantId, (trx) =>
      trx
        .updateTable("interview")
        .set({ live_at: null })
        .where("live_at", "<", sql<Date>`now() - ${QUIET}`)
        .where(sql<boolean>`participants = '[]' or ended_at is not null or speakers_gone_at < now() - ${QUIET}`)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("recording")
                .select("id")
                .whereRef("interview_id", "=", "interview.id")
                .where((eb) =>
                  eb.or([eb("phase", "in", ["recording", "paused", "stopped"]), eb("assemble_wanted", "=", true)]),
                ),
            ),
          ),
        )
        .execute(),
    );
  }
}
