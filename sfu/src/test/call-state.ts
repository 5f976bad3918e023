import type { CallState } from "@verbatim/shared/control/protocol";
import { RecordingId } from "@verbatim/shared/ids";
import { recordingOff } from "@verbatim/shared/recording/view";
import type { people } from "./harness.ts";

export const recordingId = RecordingId.parse("33333333-3333-4333-8333-333333333333");

/** What the api tells of a call. */
export function callState(call: ReturnType<typeof people>, given: Partial<CallState> = {}): CallState {
  return {
    tenantId: call.tenantId,
    interviewId: call.interviewId,
    revision: 1,
    title: "Backend engineer",
    language: "en",
    keyTerms: ["Kubernetes"],
    startsAtMs: 1_000,
    durationMinutes: 30,
    recording: null,
    view: recordingOff,
    captionsForCandidate: false,
    ownCaptions: true,
    picture: false,
    ended: false,
    seats: [],
    chat: 0,
    several: [],
    ...given,
  };
}

/** A recording told to go through these states. */
export function recording(...states: ("recording" | "paused" | "stopped" | "closed")[]) {
  return {
    recordingId,
    epoch: 1,
    controller: null,
    clock: null,
    transitions: states.map((to, index) => ({ revision: index + 1, to, atUs: null })),
  };
}
