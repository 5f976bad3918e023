import { bootId, monotonicUs } from "@verbatim/hands/monotonic";
import { trackId, type SeatId, type RecordingId } from "@verbatim/shared/ids";
import type { RecordingControl, Transition } from "@verbatim/shared/recording/control";
import type { SfuToCapture, TapSeat, TapTrack } from "@verbatim/shared/tap/protocol";
import { interviewOf, recordingOf, seatOf, tenantOf } from "./spool-samples.ts";

export type CallMessage = Extract<SfuToCapture, { type: "call" }>;

export const seatHere = (seatId: SeatId, presence: TapSeat["presence"] = "here"): TapSeat => ({
  seatId,
  role: "candidate",
  presence,
  sinceUs: monotonicUs(),
});

export const audioTrack = (seatId: SeatId, producerId: string, muted = false): TapTrack => ({
  producerId,
  trackId: trackId(seatId, "audio"),
  seatId,
  role: "candidate",
  kind: "audio",
  codec: "opus",
  clockRate: 48_000,
  channels: 2,
  muted,
});

export const cameraTrack = (seatId: SeatId, producerId: string): TapTrack => ({
  ...audioTrack(seatId, producerId),
  trackId: trackId(seatId, "camera"),
  kind: "camera",
  codec: "vp8",
  clockRate: 90_000,
  channels: 1,
});

/** A call of one speaker (seat 7, producer p1), not recorded yet. */
export const oneSpeaker = (changes: Partial<CallMessage> = {}): CallMessage => ({
  type: "call",
  tenantId: tenantOf(1),
  interviewId: interviewOf(2),
  language: "en",
  keyTerms: ["Grace Hopper"],
  recording: null,
  picture: false,
  seats: [seatHere(seatOf(7))],
  tracks: [audioTrack(seatOf(7), "p1")],
  ...changes,
});

/** A recording's control as the sfu tells it, stamped; the first transition is Start and sets the clock. */
export function recordingOfSteps(
  steps: readonly (readonly [Transition["to"], number])[],
  recordingId: RecordingId = recordingOf(3),
): RecordingControl {
  return {
    recordingId,
    epoch: 1,
    controller: { seatId: seatOf(8), name: "Host" },
    clock: { bootId: bootId(), startUs: steps[0]![1], startUtcMs: Date.now() },
    transitions: steps.map(([to, atUs], n) => ({ revision: n + 1, to, atUs })),
  };
}
