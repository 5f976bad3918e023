import type { InterviewId } from "@verbatim/shared/ids";
import type { Act, Change, Move } from "@verbatim/shared/marks/act";
import type { TenantTrx } from "../database/database.ts";
import type { At } from "../control/controls.ts";

/** Acts after the one with number `after`, oldest first. */
export async function changesAfter(
  trx: TenantTrx,
  interviewId: InterviewId,
  after: number,
  most?: number,
): Promise<Change[]> {
  const rows = trx
    .selectFrom("mark_change")
    .select(["id", "seq", "author", "name", "at", "act"])
    .where("interview_id", "=", interviewId)
    .where("seq", ">", after)
    .orderBy("seq");
  const found = await (most === undefined ? rows : rows.limit(most)).execute();
  return found.map(({ at, ...row }) => ({ ...row, atMs: at.getTime() }));
}

/** Takes the interview's row, so that acts get their numbers one after another; undefined when there is none. */
export const lockedSeq = async (trx: TenantTrx, interviewId: InterviewId): Promise<number | undefined> =>
  (await trx.selectFrom("interview").select("marks_seq").where("id", "=", interviewId).forUpdate().executeTakeFirst())
    ?.marks_seq;

/** Stores acts under the numbers after `seq`, by who holds the interview's row. */
export async function appendChanges(
  trx: TenantTrx,
  at: At,
  seq: number,
  { author, name }: { readonly author: string; readonly name: string },
  said: readonly { readonly id: string; readonly act: Act | Move }[],
): Promise<Change[]> {
  const stored: Change[] = [];
  for (const [n, { id, act }] of said.entries()) {
    const row = await trx
      .insertInto("mark_change")
      .values({
        tenant_id: at.tenantId,
        interview_id: at.interviewId,
        id,
        seq: seq + n + 1,
        author,
        name,
        act: JSON.stringify(act),
      })
      .returning("at")
      .executeTakeFirstOrThrow();
    stored.push({ id, seq: seq + n + 1, author, name, atMs: row.at.getTime(), act });
  }
  await trx
    .updateTable("interview")
    .set({ marks_seq: seq + said.length })
    .where("id", "=", at.interviewId)
    .execute();
  return stored;
}
