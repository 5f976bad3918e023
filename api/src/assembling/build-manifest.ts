import { createHash } from "node:crypto";
import { endPosition, keptSpans, place } from "@verbatim/shared/recording/control";
import type { ChunkRow, Manifest, ManifestTrack } from "@verbatim/shared/recording/manifest";
import { type Selectable, sql } from "kysely";
import type { RecordingRow } from "../control/control-rows.ts";
import type { TenantTrx } from "../database/database.ts";
import type { ChunkTable, RunTable, TrackTable } from "../database/tables.ts";
import { LEASE_MS } from "../calls/call-rows.ts";
import { presenceSpans } from "./presence.ts";
import { type Readiness, readiness } from "./readiness.ts";

export type Built =
  | Exclude<Readiness, { type: "ready" }>
  | {
      readonly type: "ready";
      /** Without its revision, which counts over the interview. */
      readonly manifest: Omit<Manifest, "revision">;
      /** The same for the same content, so that nothing is assembled twice. */
      readonly fingerprint: string;
    };

/** Everything the database knows of a stopped recording, as a manifest; or why there is none yet. */
export async function buildManifest(trx: TenantTrx, row: RecordingRow): Promise<Built> {
  const known = await read(trx, row);
  const ready = readiness({
    endSamples: endPosition(known.placed),
    runs: known.runs.map(measured),
    chunks: known.chunks.length,
    sinceStopMs: known.sinceStopMs,
  });
  if (ready.type !== "ready") return ready;
  const manifest = await describe(trx, row, known, ready.endSamples);
  if (!manifest) return { type: "nothing", why: "The recording has no clock: the media server never began it." };
  const fingerprint = createHash("sha256").update(JSON.stringify(manifest)).digest("hex");
  return { type: "ready", manifest, fingerprint };
}

/** The same of a recording that runs, up to a position. Undefined before it has a clock. */
export async function draftManifest(
  trx: TenantTrx,
  row: RecordingRow,
  untilSamples: number,
): Promise<Omit<Manifest, "revision"> | undefined> {
  return describe(trx, row, await read(trx, row), untilSamples);
}

type Known = Awaited<ReturnType<typeof read>>;

async function read(trx: TenantTrx, row: RecordingRow) {
  const transitions = await trx
    .selectFrom("transition")
    .select(["revision", "to", "at_us"])
    .select(sql<number>`extract(epoch from clock_timestamp() - created_at)::float8 * 1000`.as("age_ms"))
    .where("recording_id", "=", row.id)
    .orderBy("revision")
    .execute();
  const runs = await runsOf(trx, row);
  const chunks = await trx
    .selectFrom("chunk")
    .selectAll()
    .where("recording_id", "=", row.id)
    .orderBy("run_id")
    .orderBy("track")
    .orderBy("seq")
    .execute();
  const placed = row.clock ? place(row.clock, transitions.map(asTransition)) : [];
  const sinceStopMs = transitions.findLast(({ to }) => to === "stopped")?.age_ms ?? 0;
  return { runs, chunks, placed, sinceStopMs };
}

async function describe(
  trx: TenantTrx,
  row: RecordingRow,
  { runs, chunks, placed }: Known,
  endSamples: number,
): Promise<Omit<Manifest, "revision"> | undefined> {
  const clock = row.clock ?? runs[0]?.clock;
  if (!clock) return undefined;
  const tracks = await trx
    .selectFrom("track")
    .selectAll()
    .where("recording_id", "=", row.id)
    .orderBy("track_id")
    .execute();
  const presence = await trx
    .selectFrom("presence")
    .select(["seat_id", "presence", "at_us", "role"])
    .where("interview_id", "=", row.interview_id)
    .where("role", "!=", "observer")
    .execute();
  const changes = presence.map((each) => ({ seatId: each.seat_id, presence: each.presence, atUs: each.at_us }));
  return {
    version: 1,
    tenantId: row.tenant_id,
    interviewId: row.interview_id,
    recordingId: row.id,
    clock,
    endSamples,
    kept: keptSpans(placed, endSamples).map(({ from, to }) => ({ from, to: Math.min(to, endSamples) })),
    ...presenceSpans(changes, clock, endSamples),
    runs: runs.map((run) => ({
      runId: run.id,
      startSamples: run.start_samples,
      endSamples: Math.max(run.start_samples, Math.min(endSamples, run.end_samples ?? run.durable_samples)),
    })),
    tracks: tracks.map(asTrack),
    chunks: chunks.filter((chunk) => chunk.start_samples < endSamples).map(asChunk),
  };
}

type RunRow = Selectable<RunTable> & { readonly age_ms: number; readonly moved_ms: number };

function runsOf(trx: TenantTrx, row: RecordingRow): Promise<RunRow[]> {
  const agoMs = (column: "last_seen_at" | "moved_at") =>
    sql<number>`extract(epoch from clock_timestamp() - ${sql.ref(column)})::float8 * 1000`;
  return trx
    .selectFrom("run")
    .selectAll()
    .select([agoMs("last_seen_at").as("age_ms"), agoMs("moved_at").as("moved_ms")])
    .where("recording_id", "=", row.id)
    .orderBy("start_samples")
    .orderBy("id")
    .execute();
}

const measured = (run: RunRow) => ({
  startSamples: run.start_samples,
  durableSamples: run.durable_samples,
  storedSamples: run.stored_samples,
  endSamples: run.end_samples,
  backlog: run.backlog,
  tracks: run.tracks,
  alive: run.age_ms < LEASE_MS,
  movedAgoMs: run.moved_ms,
});

const asTransition = (row: {
  revision: number;
  to: "recording" | "paused" | "stopped" | "closed";
  at_us: number | null;
}) => ({
  revision: row.revision,
  to: row.to,
  atUs: row.at_us,
});

const asTrack = (row: Selectable<TrackTable>): ManifestTrack => ({
  trackId: row.track_id as ManifestTrack["trackId"],
  seatId: row.seat_id,
  role: row.role,
  kind: row.kind,
  codec: row.codec as ManifestTrack["codec"],
});

const asChunk = (row: Selectable<ChunkTable>): ChunkRow => ({
  key: row.key,
  mediaType: row.media_type,
  runId: row.run_id,
  track: row.track as ChunkRow["track"],
  seq: row.seq,
  startSamples: row.start_samples,
  endSamples: row.end_samples,
  bytes: row.bytes,
  sha256: row.sha256,
  source: row.source as ChunkRow["source"],
  gaps: row.gaps,
  previousSha256: row.previous_sha256,
});
