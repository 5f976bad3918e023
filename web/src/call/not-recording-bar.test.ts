import type { Participant } from "@verbatim/shared/control/protocol";
import type { SeatId } from "@verbatim/shared/ids";
import { type RecordingView, recordingOff } from "@verbatim/shared/recording/view";
import { describe, expect, it } from "vitest";
import { talksUnrecorded } from "./not-recording-bar.tsx";

const person = (role: Participant["role"], change: Partial<Participant> = {}): Participant => ({
  seatId: role as unknown as SeatId,
  role,
  name: role,
  presence: "here",
  microphone: "on",
  camera: false,
  screen: false,
  quality: "good",
  consented: true,
  ...change,
});
const two = [person("interviewer"), person("candidate")];
const lamp = (shown: RecordingView["lamp"]): RecordingView => ({ ...recordingOff, lamp: shown });

describe("two people talk and nothing is recorded", () => {
  it("before Start and after a recording was closed", () => {
    expect(talksUnrecorded(lamp("off"), two)).toBe(true);
    expect(talksUnrecorded(lamp("closed"), two)).toBe(true);
  });

  it("while a recording is paused, by itself or by somebody, and while its stop can be undone", () => {
    expect(talksUnrecorded({ ...lamp("paused"), pausedByName: "" }, two)).toBe(true);
    expect(talksUnrecorded({ ...lamp("paused"), pausedByName: "Anna" }, two)).toBe(true);
    expect(talksUnrecorded(lamp("stopped"), two)).toBe(true);
  });

  it("also while one of them is muted for a moment", () => {
    expect(talksUnrecorded(lamp("off"), [two[0]!, person("candidate", { microphone: "muted" })])).toBe(true);
  });

  it("not while a recording runs", () => {
    for (const shown of ["starting", "safe", "behind", "at_risk"] as const) {
      expect(talksUnrecorded(lamp(shown), two)).toBe(false);
    }
  });

  it("not while only one can speak, the other is away, or somebody listens alone", () => {
    for (const other of [
      person("observer"),
      person("candidate", { presence: "away" }),
      person("candidate", { microphone: "none" }),
    ]) {
      expect(talksUnrecorded(lamp("off"), [person("interviewer"), other])).toBe(false);
    }
  });

  it("not when somebody has not agreed: another bar says that", () => {
    expect(talksUnrecorded(lamp("off"), [person("interviewer"), person("candidate", { consented: false })])).toBe(
      false,
    );
  });
});
