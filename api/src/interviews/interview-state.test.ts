import type { Participant } from "@verbatim/shared/control/protocol";
import { SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { type InterviewFacts, interviewState, isOpen } from "./interview-state.ts";

const somebody = (presence: Participant["presence"]): Participant => ({
  seatId: SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11"),
  role: "interviewer",
  name: "Anna",
  presence,
  microphone: "on",
  camera: false,
  screen: false,
  quality: "good",
  consented: true,
});
const facts = (part: Partial<InterviewFacts>): InterviewFacts => ({
  phase: "idle",
  outcome: null,
  participants: [],
  ended: false,
  cancelled: false,
  endsAtMs: 0,
  nowMs: 0,
  ...part,
});

it("stays open after Stop while it can be undone, and while anybody is there, though the recording is made or ready", () => {
  expect(isOpen(facts({ phase: "stopped" }))).toBe(true);
  for (const outcome of ["assembling", "complete", "failed"] as const) {
    const during = facts({ phase: "closed", outcome, participants: [somebody("here")] });
    expect(isOpen(during), outcome).toBe(true);
    expect(["making", "ready", "failed"]).toContain(interviewState(during));
    expect(isOpen({ ...during, participants: [somebody("away")] }), outcome).toBe(true);
    expect(isOpen({ ...during, participants: [somebody("left")] }), outcome).toBe(false);
  }
});

it("is open before and during the recording, and not once it was ended, cancelled or missed", () => {
  for (const phase of ["idle", "recording", "paused"] as const) {
    expect(isOpen(facts({ phase })), phase).toBe(true);
    expect(isOpen(facts({ phase, ended: true, participants: [somebody("here")] })), phase).toBe(false);
    expect(isOpen(facts({ phase, cancelled: true })), phase).toBe(false);
  }
  expect(isOpen(facts({ nowMs: 3_600_001 }))).toBe(false);
});
