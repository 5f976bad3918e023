import { sql } from "kysely";
import { DomainError } from "@verbatim/shared/errors";
import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import type { At } from "../control/controls.ts";
import type { Database, SystemTrx, TenantTrx } from "../database/database.ts";
import { markLive } from "./live-interviews.ts";

/** Lets a call begin only where there is a place for it. Calls that run are never asked to give way. */
export type Admission = {
  /** Throws `calls.full` when this call would be one too many. Nothing is kept: the place may be gone a moment later. */
  mustHavePlace(at: At): Promise<void>;
  /** Somebody is about to come in: takes the place, so that of two who come at once one alone gets the last one. */
  takePlace(at: At): Promise<void>;
  /** Calls that take a place now, and how many of them are recorded. */
  count(): Promise<{ readonly now: number; readonly recording: number }>;
};

/** Whoever has a ticket comes in within 30 s; after everybody has left, the place is kept for as long again. */
const HELD = sql`interval '1 minute'`;
const taken = sql<boolean>`(participants <> '[]' or live_at > now() - ${HELD})`;

export function createAdmission(deps: { readonly database: Database; readonly most: number }): Admission {
  const { database, most } = deps;
  const refuseWhenFull = async (trx: SystemTrx, at: At): Promise<void> => {
    const calls = await callsNow(trx);
    if (!calls.has(at.interviewId) && calls.size >= most) {
      throw new DomainError("calls.full", "All places for calls on this server are taken.");
    }
  };
  return {
    mustHavePlace: (at) => database.system((trx) => refuseWhenFull(trx, at)),
    async takePlace(at) {
      // A call that has its place takes it from nobody: no lock, no counting, for most who come in.
      if (await database.tenant(at.tenantId, (trx) => keptPlace(trx, at))) return;
      await database.system(async (trx) => {
        await sql`select pg_advisory_xact_lock(hashtext('verbatim.admission'))`.execute(trx);
        await refuseWhenFull(trx, at);
        await asTenant(trx, at.tenantId, (own) => markLive(own, at.interviewId));
      });
    },
    count: () =>
      database.system(async (trx) => {
        const calls = [...(await callsNow(trx)).values()];
        return { now: calls.length, recording: calls.filter(({ recording }) => recording).length };
      }),
  };
}

/** Holds the place of a call that has one; false when it has none. */
async function keptPlace(trx: TenantTrx, { interviewId }: At): Promise<boolean> {
  const kept = await trx
    .updateTable("interview")
    .set({ live_at: new Date() })
    .where("id", "=", interviewId)
    .where("ended_at", "is", null)
    .where("live_at", "is not", null)
    .where(taken)
    .executeTakeFirst();
  return kept.numUpdatedRows > 0n;
}

/** Of all tenants: somebody is in it, it is recorded, or somebody is about to come in. */
async function callsNow(trx: SystemTrx): Promise<Map<InterviewId, { readonly recording: boolean }>> {
  const tenants = await trx.selectFrom("tenant").select("id").execute();
  const calls = new Map<InterviewId, { readonly recording: boolean }>();
  for (const { id: tenantId } of tenants) {
    const rows = await asTenant(trx, tenantId, (own) =>
      own
        .selectFrom("interview")
        .select((eb) => [
          "id",
          "live_at",
          eb
            .exists(
              eb
                .selectFrom("recording")
                .select("id")
                .whereRef("interview_id", "=", "interview.id")
                .where("phase", "in", ["recording", "paused"]),
            )
            .as("recording"),
          taken.as("taken"),
        ])
        .where("live_at", "is not", null)
        .where("ended_at", "is", null)
        .execute(),
    );
    for (const { id, recording, taken: held } of rows)
      if (recording || held) calls.set(id, { recording: Boolean(recording) });
  }
  return calls;
}

/** One transaction goes through all tenants: a second connection, waited for under the lock, could be held by another waiter. */
async function asTenant<Result>(
  trx: SystemTrx,
  tenantId: TenantId,
  work: (own: TenantTrx) => Promise<Result>,
): Promise<Result> {
  await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(trx);
  return await work(trx as unknown as TenantTrx);
}
