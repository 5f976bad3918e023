import { SeatId } from "@verbatim/shared/ids";
import { type RecordingView, recordingOff } from "@verbatim/shared/recording/view";
import { expect, it } from "vitest";
import { rightsOf } from "./rights.ts";

const me = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11");
const other = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a12");
const view = (lamp: RecordingView["lamp"], controllerSeatId: SeatId | null): RecordingView => ({
  ...recordingOff,
  lamp,
  controllerSeatId,
});
const named = (rights: object): string[] => Object.entries(rights).flatMap(([name, may]) => (may ? [name] : []));

it("gives the controller pause and stop, and everybody else on the staff the takeover", () => {
  expect(named(rightsOf("interviewer", me, view("safe", me)))).toEqual(["pause", "stop"]);
  expect(named(rightsOf("observer", me, view("safe", me)))).toEqual(["pause", "stop"]);
  expect(named(rightsOf("observer", me, view("safe", other)))).toEqual(["takeOver"]);
  expect(named(rightsOf("co-interviewer", me, view("paused", other)))).toEqual(["takeOver"]);
});

it("gives the candidate nothing, in every state", () => {
  for (const lamp of ["off", "starting", "safe", "behind", "at_risk", "paused", "stopped", "closed"] as const) {
    expect(named(rightsOf("candidate", me, view(lamp, null)))).toEqual([]);
  }
});

it("lets hosts start when nobody controls, and begin a new part after the end", () => {
  expect(named(rightsOf("interviewer", me, view("off", null)))).toEqual(["start"]);
  expect(named(rightsOf("observer", me, view("off", null)))).toEqual([]);
  expect(named(rightsOf("interviewer", me, view("closed", other)))).toEqual(["start"]);
});

it("lets any of the staff undo a stop", () => {
  expect(named(rightsOf("observer", me, view("stopped", other)))).toEqual(["undo", "takeOver"]);
});
