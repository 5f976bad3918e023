import fc from "fast-check";
import {
  trackId,
  type InterviewId,
  type RecordingId,
  type RunId,
  type SeatId,
  type TenantId,
} from "@verbatim/shared/ids";
import type { Transition } from "@verbatim/shared/recording/control";
import type { RunHeader, TrackHeader } from "@verbatim/shared/spool/format";
import type { SpoolRecord } from "../src/spool/record.ts";

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** Ids by number, for tests that need several. */
export const tenantOf = (n: number): TenantId => uuid(n) as TenantId;
export const interviewOf = (n: number): InterviewId => uuid(n) as InterviewId;
export const recordingOf = (n: number): RecordingId => uuid(n) as RecordingId;
export const runOf = (n: number): RunId => uuid(n) as RunId;
export const seatOf = (n: number): SeatId => uuid(n) as SeatId;

export const runHeader: RunHeader = {
  version: 1,
  tenantId: tenantOf(1),
  interviewId: interviewOf(2),
  recordingId: recordingOf(3),
  runId: runOf(4),
  instance: "capture-1",
  clock: { bootId: "boot", startUs: 1_000_000, startUtcMs: 1_700_000_000_000 },
  startSamples: 0,
  language: "en",
  keyTerms: ["Grace Hopper", "event sourcing"],
};

export const trackHeaderOf = (seat: SeatId): TrackHeader => ({
  version: 1,
  trackId: trackId(seat, "audio"),
  seatId: seat,
  role: "candidate",
  kind: "audio",
  source: "live",
  codec: "opus",
  clockRate: 48_000,
  channels: 2,
});

export const cameraHeaderOf = (seat: SeatId, codec: "vp8" | "h264"): TrackHeader => ({
  ...trackHeaderOf(seat),
  trackId: trackId(seat, "camera"),
  kind: "camera",
  codec,
  clockRate: 90_000,
  channels: 1,
});

/** What a recording's control comes to by these, under nobody. */
export const controlRecord = (...transitions: Transition[]): SpoolRecord => ({
  type: "control",
  control: { recordingId: runHeader.recordingId, epoch: 1, controller: null, clock: runHeader.clock, transitions },
});

const us = fc.integer({ min: 0, max: 2 ** 50 });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** Buffers, since what a log gives back are Buffers. */
const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

/** Any record that may follow a header. */
export const anyRecord: fc.Arbitrary<SpoolRecord> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("media" as const),
      arrivalUs: us,
      sequence: fc.integer({ min: 0, max: 65_535 }),
      rtpTime: u32,
      payload: bytes(200),
    }),
  },
  fc.record({ type: fc.constant("pcm" as const), arrivalUs: us, frame: bytes(200) }),
  fc.record({
    type: fc.constant("report" as const),
    report: fc.record({ arrivalUs: us, ntpUs: us, rtpTime: u32, ssrc: u32 }),
  }),
  fc.record({
    type: fc.constant("mark" as const),
    mark: fc.oneof(
      fc.record({ type: fc.constantFrom("mute" as const, "unmute" as const, "present" as const), atUs: us }),
      fc.record({ type: fc.constant("source" as const), atUs: us, ssrc: u32 }),
      fc.record({
        type: fc.constant("absent" as const),
        atUs: us,
        cause: fc.constantFrom("disconnect" as const, "left" as const, "sfu" as const),
      }),
    ),
  }),
  fc.record({
    type: fc.constant("heartbeat" as const),
    heartbeat: fc.record({ atUs: us, durableSamples: us }),
  }),
  fc.record({
    type: fc.constant("control" as const),
    control: fc.record({
      recordingId: fc.constant(recordingOf(3)),
      epoch: fc.nat(),
      controller: fc.constantFrom(null, { seatId: seatOf(9), name: "Ænne" }),
      clock: fc.constantFrom(null, runHeader.clock),
      transitions: fc.constant<Transition[]>([{ revision: 1, to: "recording", atUs: 1_000_000 }]),
    }),
  }),
);

/** A log's records: header first, and perhaps its end last. */
export const anyLog: fc.Arbitrary<SpoolRecord[]> = fc
  .tuple(fc.array(anyRecord, { maxLength: 12 }), fc.boolean())
  .map(([records, ends]) => [
    { type: "track", header: trackHeaderOf(seatOf(7)) },
    ...records,
    ...(ends ? [{ type: "end" as const, end: { atUs: 5, atSamples: 6, reason: "closed" as const } }] : []),
  ]);
