import type { InterviewId, RecordingId, TenantId } from "@verbatim/shared/ids";
import type { RecordingControl } from "@verbatim/shared/recording/control";
import type { Control } from "@verbatim/shared/recording/state";
import type { ControllerFrom } from "@verbatim/shared/recording/view";
import type { Selectable } from "kysely";
import type { TenantTrx } from "../database/database.ts";
import type { RecordingTable } from "../database/tables.ts";

export type RecordingRow = Selectable<RecordingTable>;

/** The recording that control is about: the last part. Every interview has one from the beginning, idle until Start. */
export function currentRecording(trx: TenantTrx, interviewId: InterviewId): Promise<RecordingRow | undefined> {
  return lastPart(trx, interviewId).executeTakeFirst();
}

/** As `currentRecording`, and nobody else changes it until this transaction ends. */
export function lockedRecording(trx: TenantTrx, interviewId: InterviewId): Promise<RecordingRow | undefined> {
  return lastPart(trx, interviewId).forUpdate().executeTakeFirst();
}

const lastPart = (trx: TenantTrx, interviewId: InterviewId) =>
  trx.selectFrom("recording").selectAll().where("interview_id", "=", interviewId).orderBy("part", "desc").limit(1);

/** UTC ms at which the talk's first part that has a clock began; null before it. */
export async function begunAt(trx: TenantTrx, row: RecordingRow): Promise<number | null> {
  if (row.part === 1) return row.clock?.startUtcMs ?? null;
  const first = await trx
    .selectFrom("recording")
    .select("clock")
    .where("interview_id", "=", row.interview_id)
    .where("clock", "is not", null)
    .orderBy("part")
    .limit(1)
    .executeTakeFirst();
  return first?.clock?.startUtcMs ?? null;
}

export const controlOf = (row: RecordingRow): Control => ({
  phase: row.phase,
  before: row.before,
  controller: row.controller_seat_id,
  epoch: row.epoch,
  revision: row.revision,
  stoppedAtMs: row.stopped_at_ms,
});

/** Whether it was still as `seen`; if so it is now `next`. One statement, so of many at once exactly one wins. */
export async function writeControl(
  trx: TenantTrx,
  recordingId: RecordingId,
  seen: Control,
  next: Control,
  controller: { readonly name: string; readonly sinceMs: number | null; readonly from: ControllerFrom | null },
): Promise<boolean> {
  const result = await trx
    .updateTable("recording")
    .set({
      phase: next.phase,
      before: next.before,
      controller_seat_id: next.controller,
      controller_name: controller.name,
      controller_since_ms: controller.sinceMs,
      controller_from: controller.from && JSON.stringify(controller.from),
      epoch: next.epoch,
      revision: next.revision,
      stopped_at_ms: next.stoppedAtMs,
      ...(seen.phase === "idle" && next.phase !== "idle" ? { started_at: new Date() } : {}),
      // A stopped recording wants its master; one whose Stop was undone no longer does.
      ...(next.phase === "stopped" ? { assemble_wanted: true, assemble_wanted_at: new Date() } : {}),
      ...(seen.phase === "stopped" && (next.phase === "recording" || next.phase === "paused")
        ? { assemble_wanted: false, outcome: null }
        : {}),
    })
    .where("id", "=", recordingId)
    .where("epoch", "=", seen.epoch)
    .where("revision", "=", seen.revision)
    // Withdrawing after Stop changes this alone; an undo decided before it must not bring the sound back.
    .where("before", "=", seen.before)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Makes the idle first part, or the next one after a closed one; false when it is there already. */
export async function insertRecording(
  trx: TenantTrx,
  of: {
    readonly tenantId: TenantId;
    readonly interviewId: InterviewId;
    readonly part: number;
    readonly control: Control;
  },
  id: RecordingId,
): Promise<boolean> {
  const result = await trx
    .insertInto("recording")
    .values({
      tenant_id: of.tenantId,
      id,
      interview_id: of.interviewId,
      part: of.part,
      controller_seat_id: of.control.controller,
      epoch: of.control.epoch,
    })
    .onConflict((on) => on.columns(["interview_id", "part"]).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Who paused a recording, empty for the system; undefined unless it is paused. */
export async function pausedBy(trx: TenantTrx, row: RecordingRow): Promise<string | undefined> {
  if (row.phase !== "paused") return undefined;
  const last = await trx
    .selectFrom("transition")
    .leftJoin("seat", "seat.id", "transition.by_seat_id")
    .select("seat.name")
    .where("recording_id", "=", row.id)
    .where("to", "=", "paused")
    .orderBy("revision", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.name ?? "";
}

/** What the media server is told of a recording; null before Start. */
export async function recordingControl(trx: TenantTrx, row: RecordingRow): Promise<RecordingControl | null> {
  if (row.phase === "idle") return null;
  const transitions = await trx
    .selectFrom("transition")
    .select(["revision", "to", "at_us"])
    .where("recording_id", "=", row.id)
    .orderBy("revision")
    .execute();
  return {
    recordingId: row.id,
    epoch: row.epoch,
    controller: row.controller_seat_id && { seatId: row.controller_seat_id, name: row.controller_name },
    clock: row.clock,
    transitions: transitions.map(({ revision, to, at_us }) => ({ revision, to, atUs: at_us })),
  };
}
