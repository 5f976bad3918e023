import { sql } from "kysely";
import type { TenantId } from "@verbatim/shared/ids";
import { PAUSE_WITHOUT_CANDIDATE_MS, step, UNDO_STOP_MS } from "@verbatim/shared/recording/state";
import type { Log } from "@verbatim/hands/log";
import { LEASE_MS } from "../calls/call-rows.ts";
import { listenedForMs } from "../calls/listening.ts";
import type { Database } from "../database/database.ts";
import { apply } from "./apply.ts";
import { controlOf, type RecordingRow } from "./control-rows.ts";

/** Nobody there and no recorder alive for this long: the recording was left alone by a crash. */
const ORPHAN_MS = 60_000;

/**
 * What time alone decides: a recording that nobody keeps pauses 60 s after its candidate left for good; a stopped recording closes after 120 s; one whose speakers are all gone, or that nobody
 * records any more, is stopped. Any number of processes may do this; each change is one guarded update.
 */
export async function upkeep(
  deps: {
    readonly database: Database;
    readonly log: Log;
    readonly closeAfterEmptyMs: number;
    readonly nowMs: () => number;
  },
  tenantId: TenantId,
): Promise<void> {
  const { database, log, nowMs } = deps;
  const open = await database.tenant(tenantId, (trx) =>
    trx
      .selectFrom("recording")
      .innerJoin("interview", "interview.id", "recording.interview_id")
      .selectAll("recording")
      .select(sql<number | null>`extract(epoch from now() - interview.speakers_gone_at)::float8 * 1000`.as("empty_ms"))
      .select(
        sql<number | null>`case when interview.kept_without_candidate then null
          else extract(epoch from now() - interview.candidate_gone_at)::float8 * 1000 end`.as("gone_ms"),
      )
      .select(({ selectFrom }) =>
        selectFrom("run")
          .whereRef("run.recording_id", "=", "recording.id")
          .select(sql<number | null>`extract(epoch from now() - max(last_seen_at))::float8 * 1000`.as("age"))
          .as("silent_ms"),
      )
      .where("phase", "in", ["recording", "paused", "stopped"])
      .execute(),
  );
  if (open.length === 0) return;
  const heardMs = await listenedForMs(database);
  for (const row of open) {
    const why = due(row, heardMs, nowMs(), deps.closeAfterEmptyMs);
    if (!why) continue;
    const done = await database.tenant(tenantId, async (trx) => {
      const interview = await trx
        .selectFrom("interview")
        .selectAll()
        .where("id", "=", row.interview_id)
        .executeTakeFirst();
      const atMs = nowMs();
      const event =
        why === "undo_over"
          ? ({ type: "close", atMs } as const)
          : ({ type: why === "candidate_gone" ? "pause" : "stop", seat: null, epoch: row.epoch, atMs } as const);
      const outcome = step(controlOf(row), event);
      if (!interview || !outcome.ok) return false;
      return apply(trx, interview, row, outcome.control, event.type, "system", atMs);
    });
    if (done) log.info("recording.changed_by_itself", { recordingId: row.id, interviewId: row.interview_id, why });
  }
}

type Open = RecordingRow & {
  readonly empty_ms: number | null;
  readonly gone_ms: number | null;
  readonly silent_ms: number | null;
};

/**
 * Absence of evidence is not death: nobody may be there by the media server's own word, and every lease be over. Both
 * come to our rows through an api, so no absence counts as longer than one has listened without a break.
 */
function due(
  row: Open,
  heardMs: number,
  nowMs: number,
  closeAfterEmptyMs: number,
): "undo_over" | "candidate_gone" | "empty" | "orphan" | undefined {
  if (row.phase === "stopped") {
    return nowMs >= (row.stopped_at_ms ?? 0) + UNDO_STOP_MS ? "undo_over" : undefined;
  }
  const leftAlone = leftAloneWhy(row, heardMs, closeAfterEmptyMs);
  if (leftAlone) return leftAlone;
  const goneMs = Math.min(row.gone_ms ?? 0, heardMs);
  return row.phase === "recording" && goneMs >= PAUSE_WITHOUT_CANDIDATE_MS ? "candidate_gone" : undefined;
}

function leftAloneWhy(row: Open, heardMs: number, closeAfterEmptyMs: number): "empty" | "orphan" | undefined {
  if (row.empty_ms === null) return undefined;
  const emptyMs = Math.min(row.empty_ms, heardMs);
  if (emptyMs >= closeAfterEmptyMs) return "empty";
  const silentMs = Math.min(row.silent_ms ?? Infinity, heardMs);
  return silentMs >= Math.max(LEASE_MS, ORPHAN_MS) && emptyMs >= ORPHAN_MS ? "orphan" : undefined;
}
