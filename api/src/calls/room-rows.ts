import type { Participant, PresenceChange } from "@verbatim/shared/control/protocol";
import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import { speaks } from "@verbatim/shared/ids";
import { sql } from "kysely";
import type { TenantTrx } from "../database/database.ts";

/** A room as the media server has it now, and changes of presence in it. Nothing when the interview was deleted meanwhile. */
export async function writeRoom(
  trx: TenantTrx,
  at: { readonly tenantId: TenantId; readonly interviewId: InterviewId },
  participants: readonly Participant[],
  presence: readonly PresenceChange[],
): Promise<void> {
  const written = await trx
    .updateTable("interview")
    .set({ participants: JSON.stringify(participants), live_at: new Date() })
    .where("id", "=", at.interviewId)
    .executeTakeFirst();
  if (written.numUpdatedRows === 0n) return;
  if (presence.length > 0) {
    await trx
      .insertInto("presence")
      .values(
        presence.map(({ seatId, role, presence: what, atUs }) => ({
          tenant_id: at.tenantId,
          interview_id: at.interviewId,
          seat_id: seatId,
          role,
          presence: what,
          at_us: atUs,
        })),
      )
      .onConflict((on) => on.doNothing())
      .execute();
  }
  await writeLeaving(trx, at.interviewId, participants);
  for (const { seatId } of participants.filter(({ role, presence: now }) => role === "candidate" && now === "here")) {
    await trx
      .updateTable("seat")
      .set({ admitted_at: new Date() })
      .where("id", "=", seatId)
      .where("interview_id", "=", at.interviewId)
      .where("admitted_at", "is", null)
      .execute();
  }
}

/**
 * Since when every speaker has left for good and nobody else is connected, and since when the candidate has left for good.
 * Whose network is away keeps the seat, though others read "left" by then.
 */
async function writeLeaving(
  trx: TenantTrx,
  interviewId: InterviewId,
  participants: readonly Participant[],
): Promise<void> {
  const last = await trx
    .selectFrom("presence")
    .distinctOn("seat_id")
    .select(["seat_id", "presence"])
    .where("interview_id", "=", interviewId)
    .orderBy("seat_id")
    // The media server's clock begins anew when its host does.
    .orderBy("received_at", "desc")
    .orderBy("at_us", "desc")
    .execute();
  const lastOf = new Map(last.map((row) => [row.seat_id, row.presence]));
  const hasLeft = ({ seatId, presence }: Participant): boolean =>
    presence === "left" && (lastOf.get(seatId) ?? "left") === "left";
  const empty = participants.every((each) => each.presence !== "here" && (!speaks(each.role) || hasLeft(each)));
  const candidates = participants.filter(({ role }) => role === "candidate");
  await trx
    .updateTable("interview")
    .set({
      speakers_gone_at: empty ? sql<Date>`coalesce(speakers_gone_at, now())` : null,
      // A room that has forgotten who left changes nothing of that.
      ...(candidates.length === 0
        ? {}
        : candidates.every(hasLeft)
          ? { candidate_gone_at: sql<Date>`coalesce(candidate_gone_at, now())` }
          : { candidate_gone_at: null, kept_without_candidate: false }),
    })
    .where("id", "=", interviewId)
    .execute();
}
