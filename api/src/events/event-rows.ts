import { sql } from "kysely";
import { DomainError } from "@verbatim/shared/errors";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { interviewPrefix } from "@verbatim/shared/recording/keys";
import { segmentId } from "@verbatim/shared/document/live";
import { lastAssembly } from "../assembling/last-assembly.ts";
import type { TenantTrx } from "../database/database.ts";

type Of<Type extends RecorderEvent["type"]> = Extract<RecorderEvent, { type: Type }>;

/** The recording an event is about, which must be this tenant's and this interview's. Throws `not_found`. */
export async function recordingOf(trx: TenantTrx, event: RecorderEvent) {
  const row = await trx
    .selectFrom("recording")
    .select(["id", "part", "phase", "outcome_revision"])
    .where("id", "=", event.recordingId)
    .where("interview_id", "=", event.interviewId)
    .executeTakeFirst();
  if (!row) throw new DomainError("not_found", "recordingId: there is no such recording.");
  return row;
}

/** Figures only grow: an event that came late changes nothing but the lease. */
export async function writeRun(trx: TenantTrx, event: Of<"run-alive">): Promise<void> {
  await trx
    .insertInto("run")
    .values({
      tenant_id: event.tenantId,
      id: event.runId,
      interview_id: event.interviewId,
      recording_id: event.recordingId,
      clock: JSON.stringify(event.clock),
      start_samples: event.startSamples,
      durable_samples: event.durableSamples,
      stored_samples: event.storedSamples,
      end_samples: event.endSamples,
      backlog: event.backlog,
      tracks: JSON.stringify(event.tracks),
    })
    .onConflict((on) =>
      on.column("id").doUpdateSet({
        durable_samples: sql<number>`greatest(run.durable_samples, excluded.durable_samples)`,
        stored_samples: sql<number>`greatest(run.stored_samples, excluded.stored_samples)`,
        end_samples: sql<number>`coalesce(excluded.end_samples, run.end_samples)`,
        backlog: sql<number>`excluded.backlog`,
        tracks: sql<string>`excluded.tracks`,
        last_seen_at: sql<Date>`clock_timestamp()`,
        moved_at: sql<Date>`case when excluded.durable_samples > run.durable_samples then clock_timestamp() else run.moved_at end`,
      }),
    )
    .execute();
  for (const { trackId, seatId, role, kind, codec } of event.tracks) {
    await trx
      .insertInto("track")
      .values({
        tenant_id: event.tenantId,
        recording_id: event.recordingId,
        track_id: trackId,
        seat_id: seatId,
        role,
        kind,
        codec,
      })
      .onConflict((on) => on.doNothing())
      .execute();
  }
}

/**
 * True when the chunk is new. Throws `input.invalid` for a key outside the interview, `state.conflict` for another
 * content under a known key: neither gets better by repeating.
 */
export async function writeChunk(
  trx: TenantTrx,
  event: Of<"chunk-stored">,
): Promise<{ fresh: boolean; chained: boolean }> {
  const { chunk } = event;
  const prefix = `${interviewPrefix(event.tenantId, event.interviewId)}${chunk.mediaType}/${chunk.runId}/${chunk.track}/`;
  if (!chunk.key.startsWith(prefix)) throw new DomainError("input.invalid", "chunk.key: must lie under its interview.");
  if (chunk.endSamples <= chunk.startSamples) {
    throw new DomainError("input.invalid", "chunk.endSamples: must be after startSamples.");
  }
  const written = await trx
    .insertInto("chunk")
    .values({
      tenant_id: event.tenantId,
      key: chunk.key,
      interview_id: event.interviewId,
      recording_id: event.recordingId,
      media_type: chunk.mediaType,
      run_id: chunk.runId,
      track: chunk.track,
      seq: chunk.seq,
      start_samples: chunk.startSamples,
      end_samples: chunk.endSamples,
      bytes: chunk.bytes,
      sha256: chunk.sha256,
      source: chunk.source,
      gaps: JSON.stringify(chunk.gaps),
      previous_sha256: chunk.previousSha256,
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst();
  const fresh = written.numInsertedOrUpdatedRows === 1n;
  const same = await trx.selectFrom("chunk").select("sha256").where("key", "=", chunk.key).executeTakeFirst();
  if (same?.sha256 !== chunk.sha256) {
    throw new DomainError("state.conflict", "chunk.sha256: another chunk is known under this key or number.");
  }
  return { fresh, chained: await chained(trx, event) };
}

/** Whether the chunk names the one before it, as far as that one is known. */
async function chained(trx: TenantTrx, { chunk }: Of<"chunk-stored">): Promise<boolean> {
  if (chunk.seq === 0) return chunk.previousSha256 === null;
  const before = await trx
    .selectFrom("chunk")
    .select("sha256")
    .where("run_id", "=", chunk.runId)
    .where("track", "=", chunk.track)
    .where("seq", "=", chunk.seq - 1)
    .executeTakeFirst();
  return before === undefined || before.sha256 === chunk.previousSha256;
}

export const segmentText = (event: Of<"words-final">): string => event.words.map(({ text }) => text).join(" ");

export async function writeSegment(trx: TenantTrx, event: Of<"words-final">): Promise<void> {
  await trx
    .insertInto("segment")
    .values({
      tenant_id: event.tenantId,
      recording_id: event.recordingId,
      id: segmentId(event.seatId, event.startMs),
      interview_id: event.interviewId,
      seat_id: event.seatId,
      start_ms: event.startMs,
      end_ms: event.endMs,
      text: segmentText(event),
      words: JSON.stringify(event.words),
    })
    .onConflict((on) => on.doNothing())
    .execute();
}

export async function writeAssembly(trx: TenantTrx, event: Of<"assembled">): Promise<void> {
  const { assembly, recordingId } = event;
  if (assembly.recordingId !== recordingId) {
    throw new DomainError("input.invalid", "assembly.recordingId: must be the event's.");
  }
  await trx
    .insertInto("assembly")
    .values({
      tenant_id: event.tenantId,
      recording_id: recordingId,
      revision: assembly.revision,
      result: JSON.stringify(assembly),
    })
    // The master is told first, the speakers' files when they are made; a repeated event changes nothing.
    .onConflict((on) =>
      on
        .columns(["recording_id", "revision"])
        .doUpdateSet({ result: JSON.stringify(assembly) })
        .where(sql<boolean>`jsonb_array_length(assembly.result->'tracks') = 0`),
    )
    .execute();
  await finishManifest(trx, event, assembly.revision);
  await trx
    .updateTable("recording")
    .set({ outcome: assembly.state, outcome_revision: assembly.revision, failure: "" })
    .where("id", "=", recordingId)
    .where("outcome_revision", "<=", assembly.revision)
    .execute();
}

/** An older master, if there is one, still stands; the recording is shown as failed only without any. */
export async function writeFailure(trx: TenantTrx, event: Of<"assemble-failed">): Promise<void> {
  await finishManifest(trx, event, event.revision);
  const last = await lastAssembly(trx, event.recordingId);
  await trx
    .updateTable("recording")
    .set({ outcome: last?.state ?? "failed", outcome_revision: event.revision, failure: event.reason })
    .where("id", "=", event.recordingId)
    .where("outcome_revision", "<=", event.revision)
    .execute();
}

async function finishManifest(trx: TenantTrx, event: RecorderEvent, revision: number): Promise<void> {
  await trx
    .updateTable("manifest")
    .set({ finished_at: new Date() })
    .where("interview_id", "=", event.interviewId)
    .where("revision", "=", revision)
    .execute();
}
