import type { Participant } from "@verbatim/shared/control/protocol";
import type { CallRows } from "./call-rows.ts";

/** A microphone that does not come must not keep the recording from beginning. */
const MICROPHONE_WAIT_MS = 5_000;

export type Ready = {
  /** In whose name a recording starts by itself. */
  readonly interviewer: Participant;
  /** The candidate's microphone has arrived. */
  readonly microphone: boolean;
};

/** Whether interviewer and consenting candidate are both in a call that is to be recorded by itself, and is not yet. */
export function readyToStart({ interview, recording }: Pick<CallRows, "interview" | "recording">): Ready | undefined {
  if (!interview.auto_start || interview.ended_at !== null) return undefined;
  if (recording.phase !== "idle" || recording.part > 1) return undefined;
  const here = interview.participants.filter(({ presence }) => presence === "here");
  const candidate = here.find(({ role, consented }) => role === "candidate" && consented);
  const interviewer = here.find(({ role }) => role === "interviewer");
  return candidate && interviewer ? { interviewer, microphone: candidate.microphone !== "none" } : undefined;
}

/** Now, or in a moment: right behind a seat its microphone has not come yet, and the recording would begin with a hole. */
export const startsNow = (ready: Ready, sinceMs: number, nowMs: number): boolean =>
  ready.microphone || nowMs - sinceMs >= MICROPHONE_WAIT_MS;
