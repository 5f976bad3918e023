import type { InterviewState } from "@verbatim/shared/api/interviews";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { Control } from "@verbatim/shared/recording/state";
import type { RecordingState } from "@verbatim/shared/recording/state";
import type { Outcome } from "../database/tables.ts";

/** People in the call now, a reconnecting one too. */
export const presentCount = (participants: readonly Participant[]): number =>
  participants.filter(({ presence }) => presence === "here" || presence === "away").length;

/** What one recording is shown as; null before Start. */
export function recordingState(phase: Control["phase"], outcome: Outcome | null): RecordingState | null {
  if (phase === "idle") return null;
  if (phase === "recording" || phase === "paused") return phase;
  return outcome ?? "stopped";
}

export type InterviewFacts = {
  readonly phase: Control["phase"];
  readonly outcome: Outcome | null;
  readonly participants: readonly Participant[];
  readonly ended: boolean;
  readonly cancelled: boolean;
  readonly endsAtMs: number;
  readonly nowMs: number;
};

/** What an interview is doing, in the words the list shows. */
export function interviewState(of: InterviewFacts): InterviewState {
  const state = recordingState(of.phase, of.outcome);
  if (state === "recording" || state === "paused") return "recording";
  if (state === "failed") return "failed";
  if (state === "complete" || state === "complete_with_gaps") return "ready";
  if (state === "stopped" || state === "assembling") return "making";
  if (of.cancelled) return "cancelled";
  const present = presentCount(of.participants);
  if (of.ended) return "ended";
  if (present >= 2) return "live";
  if (present === 1) return "waiting";
  return of.nowMs > of.endsAtMs + MISSED_AFTER_MS ? "ended" : "scheduled";
}

/**
 * Whether people are shown the ways in. The call outlives a recording's Stop: who lost their browser then must find the
 * way back, to undo it or to go on talking.
 */
export function isOpen(of: InterviewFacts): boolean {
  if (of.ended || of.cancelled) return false;
  if (presentCount(of.participants) > 0 || of.phase === "stopped") return true;
  return of.phase === "idle" ? interviewState(of) !== "ended" : of.phase !== "closed";
}

/** Nobody came until this long after the planned end. */
const MISSED_AFTER_MS = 3_600_000;
