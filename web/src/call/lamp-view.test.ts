import { type RecordingView, recordingOff } from "@verbatim/shared/recording/view";
import { expect, it } from "vitest";
import { english } from "../words/words.ts";
import { lampView, positionMs } from "./lamp-view.ts";

const started = 1_000_000;
const view = (part: Partial<RecordingView>): RecordingView => ({
  ...recordingOff,
  startedAtMs: started,
  onServerMs: 754_000,
  inStoreMs: 624_000,
  controllerName: "Anna",
  ...part,
});
const text = (part: Partial<RecordingView>, nowMs = started): string =>
  lampView(view(part), nowMs, english.call.lamp).text;

it("says in words what each state of the lamp means", () => {
  expect(text({ lamp: "off" })).toBe("Not recording");
  expect(text({ lamp: "starting" })).toBe("Starting…");
  expect(text({ lamp: "safe" })).toBe("Recording · safe until 12:34");
  expect(text({ lamp: "behind" })).toBe("Recording on this server · storage is 2:10 behind");
  expect(text({ lamp: "at_risk", risk: "candidate's sound is not arriving" })).toBe(
    "Not safe since 12:34: candidate's sound is not arriving",
  );
  expect(text({ lamp: "paused", heldAtMs: 754_000 })).toBe("Paused at 12:34 by Anna");
  expect(text({ lamp: "stopped", heldAtMs: 2_702_000, undoUntilMs: started + 118_000 })).toBe(
    "Stopped at 45:02 · Undo 1:58",
  );
});

it("counts the undo time down and never below zero", () => {
  expect(text({ lamp: "stopped", heldAtMs: 0, undoUntilMs: started - 5_000 })).toBe("Stopped at 0:00 · Undo 0:00");
});

it("lets the timer stand while the recording is held, and run otherwise", () => {
  expect(positionMs(view({ startedAtMs: null }), started)).toBeNull();
  expect(positionMs(view({}), started + 5_000)).toBe(5_000);
  expect(positionMs(view({ heldAtMs: 3_000 }), started + 5_000)).toBe(3_000);
  expect(positionMs(view({}), started - 400)).toBe(0);
});
