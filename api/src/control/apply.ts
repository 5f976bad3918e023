import type { Control, ControlAction } from "@verbatim/shared/recording/state";
import type { SeatId } from "@verbatim/shared/ids";
import type { InterviewRow } from "../interviews/interview-row.ts";
import type { TenantTrx } from "../database/database.ts";
import { controlOf, type RecordingRow, writeControl } from "./control-rows.ts";
import { controlMoved } from "./losses.ts";

/** Who acts: a person in a seat, or the system by itself. */
export type Actor = { readonly seatId: SeatId; readonly name: string; readonly label: string } | "system";

/** Writes a step that rules allowed, with its transition, loss and audit row; false when somebody was faster. */
export async function apply(
  trx: TenantTrx,
  interview: InterviewRow,
  row: RecordingRow,
  next: Control,
  action: ControlAction | "close" | "withdraw",
  actor: Actor,
  atMs: number,
): Promise<boolean> {
  const seen = controlOf(row);
  const kept = next.controller === seen.controller || actor === "system";
  const controller = kept
    ? { name: row.controller_name, sinceMs: row.controller_since_ms, from: row.controller_from }
    : { name: actor.name, sinceMs: action === "take_over" ? atMs : null, from: null };
  if (!(await writeControl(trx, row.id, seen, next, controller))) return false;
  if (action === "take_over" && actor !== "system") await controlMoved(trx, row, next, actor, atMs);
  const bySeat = actor === "system" ? null : actor.seatId;
  if (next.revision !== seen.revision && next.phase !== "idle") {
    await trx
      .insertInto("transition")
      .values({
        tenant_id: row.tenant_id,
        recording_id: row.id,
        revision: next.revision,
        to: next.phase,
        at_us: null,
        by_seat_id: bySeat,
      })
      .execute();
  }
  await trx
    .updateTable("interview")
    .set((eb) => ({ live_at: new Date(), call_revision: eb("call_revision", "+", 1) }))
    .where("id", "=", interview.id)
    .execute();
  const detail = { recordingId: row.id, epoch: next.epoch, revision: next.revision, previous: row.controller_seat_id };
  await trx
    .insertInto("audit")
    .values({
      tenant_id: row.tenant_id,
      interview_id: interview.id,
      actor: actor === "system" ? "system" : actor.label,
      action: `control.${action}`,
      detail: JSON.stringify(detail),
    })
    .execute();
  return true;
}
