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

  it("while a recording is paused by itself, because the candidate had left", () => {
    expect(talksUnrecorded({ ...lamp("paused"), pausedByName: "" }, two)).toBe(true);
    expect(talksUnrecorded({ ...lamp("paused"), pausedByName: "Anna" }, two)).toBe(false);
  });

  it("not while a recording runs, is paused by somebody, or can be taken up by Undo", () => {
    for (const shown of ["starting", "safe", "behind", "at_risk", "paused", "stopped"] as const) {
      expect(talksUnrecorded(lamp(shown), two)).toBe(false);
    }
  });

  it("not while only one speaks, the other is away or muted, or somebody listens alone", () => {
    for (const other of [
      person("observer"),
      person("candidate", { presence: "away" }),
      person("candidate", { microphone: "muted" }),
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
