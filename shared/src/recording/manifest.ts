import { z } from "zod";
import { RecordingClock, Samples } from "../clock.ts";
import { InterviewId, RecordingId, Role, RunId, SeatId, TenantId, TrackId, TrackKind } from "../ids.ts";
import { MediaType } from "./keys.ts";

/**
 * Why something is not held for a span of the recording. Of pictures only: `load` (left out, so that sound was safe)
 * and `keyframe` (nothing could be shown before the next whole picture).
 */
export const GapCause = z.enum([
  "loss",
  "capture_stall",
  "disconnect",
  "recorder",
  "store",
  "paused",
  "load",
  "keyframe",
]);
export type GapCause = z.infer<typeof GapCause>;

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");

/** A span of positions inside a chunk for which no sound is held. */
export const ChunkGap = z.object({ startSamples: Samples, endSamples: Samples, cause: GapCause });
export type ChunkGap = z.infer<typeof ChunkGap>;

/** One stored chunk. It decodes alone to exactly [startSamples, endSamples) ± 20 ms; a picture's begins at a key frame. */
export const ChunkRow = z.object({
  key: z.string().max(400),
  mediaType: MediaType,
  runId: RunId,
  track: z.union([TrackId, z.literal("mix")]),
  /** Counts per run and track from 0. */
  seq: z.int().min(0),
  startSamples: Samples,
  endSamples: Samples,
  bytes: z.int().min(1),
  sha256: Sha256,
  source: z.enum(["live", "twin", "backfill", "import"]),
  gaps: z.array(ChunkGap),
  /** SHA-256 of this run's and track's chunk before, or null for its first. */
  previousSha256: Sha256.nullable(),
});
export type ChunkRow = z.infer<typeof ChunkRow>;

export const ManifestTrack = z.object({
  trackId: TrackId,
  seatId: SeatId,
  role: Role,
  kind: TrackKind,
  codec: z.enum(["opus", "pcm", "vp8", "h264"]),
});
export type ManifestTrack = z.infer<typeof ManifestTrack>;

/** What of a camera or a screen was sent and is not held. Sound's gaps stand in its chunks. */
export const MAX_PICTURE_GAPS = 100;
export const PictureGaps = z.array(ChunkGap).max(MAX_PICTURE_GAPS);

/** A speaker's time in the seat, on the recording's clock: from first taking it to leaving for good. */
export const Presence = z.object({ seatId: SeatId, fromSamples: Samples, toSamples: Samples });
export type Presence = z.infer<typeof Presence>;

/** Time during which a speaker was in the seat but the person's connection was away. */
export const Away = z.object({ seatId: SeatId, fromSamples: Samples, toSamples: Samples });

/** A recorder run's life on the recording's clock; time covered by no run is a `recorder` gap. */
export const ManifestRun = z.object({ runId: RunId, startSamples: Samples, endSamples: Samples });

/** Everything an assembly is made from; the same manifest makes the same bytes. */
export const Manifest = z.object({
  version: z.literal(1),
  tenantId: TenantId,
  interviewId: InterviewId,
  recordingId: RecordingId,
  revision: z.int().min(1),
  clock: RecordingClock,
  endSamples: Samples,
  /** What is to be kept; the rest is silence in the master and outside coverage (`paused`). */
  kept: z.array(z.object({ from: Samples, to: Samples })),
  presence: z.array(Presence),
  away: z.array(Away),
  runs: z.array(ManifestRun),
  tracks: z.array(ManifestTrack),
  chunks: z.array(ChunkRow),
});
export type Manifest = z.infer<typeof Manifest>;

/** As kept in the store: the manifest's exact JSON text and an HMAC-SHA-256 over it. */
export const SignedManifest = z.object({ manifest: z.string(), signature: Sha256 });
export type SignedManifest = z.infer<typeof SignedManifest>;

export const RecordingGap = z.object({
  seatId: SeatId,
  startSamples: Samples,
  endSamples: Samples,
  cause: GapCause,
});
export type RecordingGap = z.infer<typeof RecordingGap>;

/**
 * What an assembly found in the chunks it was given. Chunks that came out of order are none: each has its place in its run
 * from its number, so that their order leaves no trace in what is made.
 */
export const ChunkProblem = z.object({
  key: z.string(),
  problem: z.enum(["missing", "corrupt", "duplicate", "length"]),
});
export type ChunkProblem = z.infer<typeof ChunkProblem>;

export const MadeFile = z.object({
  key: z.string().max(400),
  bytes: z.int().min(1),
  sha256: Sha256,
  durationSamples: Samples,
});
export type MadeFile = z.infer<typeof MadeFile>;

/** What one assembly made and measured. `complete` only when every kept, present sample of every speaker is held. */
export const Assembly = z.object({
  recordingId: RecordingId,
  revision: z.int().min(1),
  state: z.enum(["complete", "complete_with_gaps"]),
  durationSamples: Samples,
  master: MadeFile,
  tracks: z.array(z.object({ seatId: SeatId, role: Role, file: MadeFile })),
  /** Per speaker: held ÷ (kept time in the seat), 0..1. */
  coverage: z.array(z.object({ seatId: SeatId, role: Role, ratio: z.number().min(0).max(1) })),
  gaps: z.array(RecordingGap),
  absences: z.array(z.object({ seatId: SeatId, startSamples: Samples, endSamples: Samples })),
  problems: z.array(ChunkProblem),
});
export type Assembly = z.infer<typeof Assembly>;

/** Where jobs land that failed for good; somebody must look at them. */
export const DEAD_QUEUE = "dead";
/** pg-boss queue and payload of an assembly. */
export const ASSEMBLE_QUEUE = "assemble";
export const AssembleJob = z.strictObject({
  tenantId: TenantId,
  interviewId: InterviewId,
  recordingId: RecordingId,
  revision: z.int().min(1),
  manifestKey: z.string().max(400),
});
export type AssembleJob = z.infer<typeof AssembleJob>;
/**
 * An assembly's effect has a key of its own (recording and revision), so a repeated job is harmless and nothing here has
 * to exclude. Whoever of api and assembler comes first makes this queue and the other.
 */
export const ASSEMBLE_QUEUE_OPTIONS = {
  notify: true,
  retryLimit: 5,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  expireInSeconds: 3600,
  // A dead worker's job is free again after this and one pass of the monitor. 10 is pg-boss' minimum.
  heartbeatSeconds: 10,
  deadLetter: DEAD_QUEUE,
} as const;

/**
 * Told while a recording runs: everything before `untilSamples` is in the store, so its master can be begun. The
 * manifest has the revision that the next assembly gets. A job that is lost costs time at Stop and nothing else.
 */
export const PREPARE_QUEUE = "prepare";
export const PrepareJob = z.strictObject({ untilSamples: Samples, signed: SignedManifest });
export type PrepareJob = z.infer<typeof PrepareJob>;
export const PREPARE_QUEUE_OPTIONS = {
  notify: true,
  retryLimit: 0,
  expireInSeconds: 300,
  retentionSeconds: 300,
  deleteAfterSeconds: 60,
} as const;
