import { sql } from "kysely";
import type { LiveLoss } from "@verbatim/shared/document/live";
import type { InterviewId, SeatId } from "@verbatim/shared/ids";
import type { Control } from "@verbatim/shared/recording/state";
import type { TenantTrx } from "../database/database.ts";
import type { RecordingRow } from "./control-rows.ts";

/** Remembers that a takeover took control from somebody, and settles what the new controller had lost before. */
export async function controlMoved(
  trx: TenantTrx,
  row: RecordingRow,
  next: Control,
  by: { readonly seatId: SeatId; readonly name: string },
  atMs: number,
): Promise<void> {
  await settle(trx, row.interview_id, by.seatId, next.epoch);
  if (row.controller_seat_id === null) return;
  await trx
    .insertInto("control_loss")
    .values({
      tenant_id: row.tenant_id,
      interview_id: row.interview_id,
      recording_id: row.id,
      epoch: next.epoch,
      seat_id: row.controller_seat_id,
      by_seat_id: by.seatId,
      by_name: by.name,
      at_ms: atMs,
    })
    .execute();
}

/** Of everybody who lost control and has not said yet that they know: the last time. */
export async function openLosses(trx: TenantTrx, interviewId: InterviewId): Promise<LiveLoss[]> {
  const rows = await trx
    .selectFrom("control_loss")
    .distinctOn("seat_id")
    .select(["seat_id", "epoch", "by_name", "at_ms"])
    .where("interview_id", "=", interviewId)
    .where("settled_at", "is", null)
    .orderBy("seat_id")
    .orderBy("epoch", "desc")
    .execute();
  return rows.map((row) => ({ seatId: row.seat_id, epoch: row.epoch, byName: row.by_name, atMs: row.at_ms }));
}

/** Whether this seat ever lost control at this epoch. */
export async function lostAt(
  trx: TenantTrx,
  interviewId: InterviewId,
  seatId: SeatId,
  epoch: number,
): Promise<boolean> {
  const row = await trx
    .selectFrom("control_loss")
    .select("epoch")
    .where("interview_id", "=", interviewId)
    .where("seat_id", "=", seatId)
    .where("epoch", "=", epoch)
    .executeTakeFirst();
  return row !== undefined;
}

/** Closes a seat's losses up to an epoch; answers those that were open until now. */
export function settle(trx: TenantTrx, interviewId: InterviewId, seatId: SeatId, epoch: number) {
  return trx
    .updateTable("control_loss")
    .set({ settled_at: sql<Date>`now()` })
    .where("interview_id", "=", interviewId)
    .where("seat_id", "=", seatId)
    .where("epoch", "<=", epoch)
    .where("settled_at", "is", null)
    .returning(["recording_id", "epoch"])
    .execute();
}
