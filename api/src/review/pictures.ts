import { picturePath, type ReviewPicture } from "@verbatim/shared/api/pictures";
import { samplesToMs } from "@verbatim/shared/clock";
import type { InterviewId, RecordingId, Role, SeatId } from "@verbatim/shared/ids";
import type { ChunkGap } from "@verbatim/shared/recording/manifest";
import type { TenantTrx } from "../database/database.ts";

type Person = (seatId: SeatId) => { readonly seatId: SeatId; readonly role: Role; readonly speaker: string };

/** The cameras and screens of a recording, each with its files in order. What had no frame is not listed. */
export async function picturesOf(
  trx: TenantTrx,
  at: { readonly interviewId: InterviewId; readonly recordingId: RecordingId },
  person: Person,
): Promise<ReviewPicture[]> {
  const tracks = await trx
    .selectFrom("track")
    .select(["track_id", "seat_id", "kind"])
    .where("recording_id", "=", at.recordingId)
    .where("kind", "in", ["camera", "screen"])
    .orderBy("track_id")
    .execute();
  if (tracks.length === 0) return [];
  const chunks = await pictureChunks(trx, at.recordingId);
  const gaps = await gapsOf(trx, at.recordingId);
  return tracks.map(({ track_id, seat_id, kind }) => ({
    ...person(seat_id),
    kind: kind === "screen" ? "screen" : "camera",
    pieces: chunks
      .filter(({ track }) => track === track_id)
      .map((chunk) => ({
        startMs: samplesToMs(chunk.start_samples),
        endMs: samplesToMs(chunk.end_samples),
        url: picturePath(at.interviewId, at.recordingId, chunk.sha256),
        key: chunk.key,
        bytes: chunk.bytes,
        sha256: chunk.sha256,
        gaps: chunk.gaps.map(({ startSamples, endSamples }) => ({
          startMs: samplesToMs(startSamples),
          endMs: samplesToMs(endSamples),
        })),
      })),
    gaps: (gaps.get(track_id) ?? []).map(({ startSamples, endSamples, cause }) => ({
      startMs: samplesToMs(startSamples),
      endMs: samplesToMs(endSamples),
      cause,
    })),
  }));
}

const pictureChunks = (trx: TenantTrx, recordingId: RecordingId) =>
  trx
    .selectFrom("chunk")
    .select(["track", "start_samples", "end_samples", "key", "bytes", "sha256", "gaps"])
    .where("recording_id", "=", recordingId)
    .where("media_type", "in", ["video", "screen"])
    .orderBy("start_samples")
    .orderBy("run_id")
    .execute();

/** What the runs said of each track's missing pictures, in order. */
async function gapsOf(trx: TenantTrx, recordingId: RecordingId): Promise<ReadonlyMap<string, ChunkGap[]>> {
  const runs = await trx
    .selectFrom("run")
    .select("tracks")
    .where("recording_id", "=", recordingId)
    .orderBy("start_samples")
    .execute();
  const told = runs.flatMap(({ tracks }) => tracks).map((track) => [track.trackId, track.pictureGaps ?? []] as const);
  return new Map(
    [...Map.groupBy(told, ([trackId]) => trackId)].map(([trackId, each]) => [
      trackId,
      each.flatMap(([, gaps]) => gaps),
    ]),
  );
}

/** One stored file of a recording's pictures, and what a copy of it is called; undefined when it is none. */
export async function pictureFile(
  trx: TenantTrx,
  recordingId: RecordingId,
  sha256: string,
): Promise<{ readonly key: string; readonly type: string; readonly name: string } | undefined> {
  const row = await trx
    .selectFrom("chunk")
    .select(["key", "media_type", "seq"])
    .where("recording_id", "=", recordingId)
    .where("sha256", "=", sha256)
    .where("media_type", "in", ["video", "screen"])
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const ext = row.key.endsWith(".mp4") ? "mp4" : "webm";
  const name = `${row.media_type}-${String(row.seq).padStart(4, "0")}-${sha256.slice(0, 8)}.${ext}`;
  return { key: row.key, type: `video/${ext}`, name };
}
