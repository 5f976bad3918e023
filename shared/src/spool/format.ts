import { z } from "zod";
import { RecordingClock, Samples } from "../clock.ts";
import { InterviewId, RecordingId, Role, RunId, SeatId, TenantId, TrackId, TrackKind } from "../ids.ts";
import { KeyTerms } from "../plan/key-terms.ts";
import { RecordingControl } from "../recording/control.ts";

/**
 * The spool: one directory per run, `{SPOOL_DIR}/{instance}/{run}/`, holding append-only logs:
 * `control.spool` (run header, control states, heartbeats, end) and `{track}.spool` per track.
 *
 *   record = length u32le | type u8 | crc32c u32le | payload
 *
 * `length` counts the payload. The CRC-32C covers type and payload. A reader accepts any prefix and
 * stops at the first record that is short or does not match: what follows a torn write is never read.
 */
export const RECORD_HEADER_BYTES = 9;
/** Larger than any RTP packet or control state; a longer length is damage, not data. */
export const MAX_PAYLOAD_BYTES = 1 << 20;

export const recordType = {
  /** JSON RunHeader, first in control.spool. */
  run: 1,
  /** JSON TrackHeader, first in each track's log. */
  track: 2,
  /** Binary media packet: arrivalUs u64le | sequence u16le | rtp time u32le | payload as received. */
  media: 3,
  /** JSON SenderReport. */
  report: 4,
  /** JSON Mark: mute, unmute, absent, present. */
  mark: 5,
  /** JSON RecordingControl with all transitions accepted so far. */
  control: 6,
  /** JSON Heartbeat: everything before it was fdatasync'ed. */
  heartbeat: 7,
  /** JSON RunEnd, last in every log of the run. */
  end: 8,
  /** Binary PCM frame, 48 kHz s16le mono, where the source has no packets: arrivalUs u64le | frame. */
  pcm: 9,
} as const;

export const CONTROL_LOG = "control.spool";
export const trackLog = (track: TrackId): string => `${track}.spool`;

/** Everything ship and scribe need to know about a run; they ask nobody else. */
export const RunHeader = z.object({
  version: z.literal(1),
  tenantId: TenantId,
  interviewId: InterviewId,
  recordingId: RecordingId,
  runId: RunId,
  /** Which capture process; twins differ. */
  instance: z.string().min(1).max(64),
  clock: RecordingClock,
  /** Position at which this run began to hold media. */
  startSamples: Samples,
  /** BCP 47 language of the interview, for speech recognition. */
  language: z.string().min(2).max(16),
  /** Names and terms that it listens for, the most wanted first. Absent from runs older than it. */
  keyTerms: KeyTerms.default([]),
});
export type RunHeader = z.infer<typeof RunHeader>;

export const TrackHeader = z.object({
  version: z.literal(1),
  trackId: TrackId,
  seatId: SeatId,
  role: Role,
  kind: TrackKind,
  /** How the bytes came to us: `live` from the SFU, `twin`, `backfill` from a browser, `import` from a file. */
  source: z.enum(["live", "twin", "backfill", "import"]),
  codec: z.enum(["opus", "pcm", "vp8", "h264"]),
  /** RTP ticks per second (48000 for Opus). */
  clockRate: z.int().positive(),
  channels: z.int().min(1).max(2),
});
export type TrackHeader = z.infer<typeof TrackHeader>;

export const SenderReport = z.object({ arrivalUs: z.int(), ntpUs: z.int(), rtpTime: z.int(), ssrc: z.int() });
export type SenderReport = z.infer<typeof SenderReport>;

/**
 * Why a track has no packets, or silent ones, from `atUs` on. `absent` and `present` bracket a
 * missing source: `disconnect` (the person's connection is away), `left` (left for good),
 * `sfu` (the media server lost it), `load` (a picture that was left out, so that sound is safe). A new producer starts a new RTP space: readers begin a new segment at `source`.
 */
export const Mark = z.discriminatedUnion("type", [
  z.object({ type: z.literal("mute"), atUs: z.int() }),
  z.object({ type: z.literal("unmute"), atUs: z.int() }),
  z.object({ type: z.literal("source"), atUs: z.int(), ssrc: z.int() }),
  z.object({ type: z.literal("absent"), atUs: z.int(), cause: z.enum(["disconnect", "left", "sfu", "load"]) }),
  z.object({ type: z.literal("present"), atUs: z.int() }),
]);
export type Mark = z.infer<typeof Mark>;

/**
 * Written at least every second after fdatasync of every sound's log of the run: what a reader may call durable. Logs of
 * cameras and screens hold everything before it too, but their fdatasync is not waited for.
 */
export const Heartbeat = z.object({ atUs: z.int(), durableSamples: Samples });
export type Heartbeat = z.infer<typeof Heartbeat>;

export const RunEnd = z.object({
  atUs: z.int(),
  atSamples: Samples,
  /** `closed`: told to. `recovered`: found open at the next start. `shutdown`: the process was asked to end. */
  reason: z.enum(["closed", "recovered", "shutdown"]),
});
export type RunEnd = z.infer<typeof RunEnd>;

export { RecordingControl as ControlRecord };
