import type { SeatId } from "@verbatim/shared/ids";
import { type Control, step } from "@verbatim/shared/recording/state";
import type { ControllerFrom } from "@verbatim/shared/recording/view";
import { sql } from "kysely";
import type { TenantTrx } from "../database/database.ts";
import { controlOf, type RecordingRow, writeControl } from "./control-rows.ts";
import { settle } from "./losses.ts";

type Heir = { readonly seatId: SeatId; readonly name: string };

/**
 * Writes that control was passed on, not taken: nobody is asked whether they know that they lost it. False when somebody
 * was faster.
 */
export async function passControl(
  trx: TenantTrx,
  row: RecordingRow,
  next: Control,
  passed: { readonly to: Heir | null; readonly from: ControllerFrom | null; readonly atMs: number },
): Promise<boolean> {
  const { to, from, atMs } = passed;
  const controller = { name: to?.name ?? "", sinceMs: to && atMs, from: to && from };
  if (!(await writeControl(trx, row.id, controlOf(row), next, controller))) return false;
  if (to) await settle(trx, row.interview_id, to.seatId, next.epoch);
  await trx
    .updateTable("interview")
    .set({ live_at: sql<Date>`now()`, call_revision: sql<number>`call_revision + 1` })
    .where("id", "=", row.interview_id)
    .execute();
  return true;
}

/**
 * What a place that ends does to control: if it controls the recording, `by` does from now on. The caller holds the row
 * locked, so nobody is faster. Answers what belongs into the books: nothing when somebody else controls.
 */
export async function passFromClosed(
  trx: TenantTrx,
  row: RecordingRow,
  closed: { readonly seatId: SeatId; readonly by: Heir | null; readonly from: ControllerFrom | null },
  atMs: number,
): Promise<{ readonly epoch?: number }> {
  const { seatId, by, from } = closed;
  const outcome = step(controlOf(row), { type: "place_closed", seat: seatId, by: by?.seatId ?? null, atMs });
  if (!outcome.ok || !outcome.changed) return {};
  if (!(await passControl(trx, row, outcome.control, { to: by, from, atMs })))
    throw new Error("A locked recording was changed by somebody else.");
  return { epoch: outcome.control.epoch };
}
