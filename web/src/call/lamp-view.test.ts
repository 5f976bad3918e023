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
const at = (part: Partial<RecordingView>, nowMs = started, cutOffMs: number | null = null) =>
  lampView(view({ measuredAtMs: started, ...part }), { nowMs, cutOffMs }, english.call.lamp);
const text = (part: Partial<RecordingView>, nowMs = started): string => at(part, nowMs).text;

it("says in words what each state of the lamp means", () => {
  expect(text({ lamp: "off" })).toBe("Not recording");
  expect(text({ lamp: "starting" })).toBe("Starting…");
  expect(text({ lamp: "safe" })).toBe("Recording · safe until 12:34");
  expect(text({ lamp: "behind" })).toBe("Recording on this server · storage is 2:10 behind");
  expect(text({ lamp: "at_risk", risk: "candidate's sound is not arriving" })).toBe(
    "Not safe since 12:34: candidate's sound is not arriving",
  );
  expect(text({ lamp: "paused", heldAtMs: 754_000 })).toBe("Paused at 12:34 by Anna");
  expect(text({ lamp: "paused", heldAtMs: 754_000, pausedByName: "Ben" })).toBe("Paused at 12:34 by Ben");
  expect(text({ lamp: "paused", heldAtMs: 754_000, pausedByName: "" })).toBe(
    "Paused at 12:34, as the candidate had left",
  );
  expect(text({ lamp: "stopped", heldAtMs: 2_702_000, undoUntilMs: started + 118_000 })).toBe(
    "Stopped at 45:02 · Undo 1:58",
  );
});

it("counts the undo time down and never below zero", () => {
  expect(text({ lamp: "stopped", heldAtMs: 0, undoUntilMs: started - 5_000 })).toBe("Stopped at 0:00 · Undo 0:00");
});

it("believes figures for five seconds, then says when they were last heard and shows no green", () => {
  for (const lamp of ["safe", "behind", "at_risk"] as const) {
    expect(at({ lamp }, started + 5_000).mark).not.toBe("stale");
    expect(at({ lamp }, started + 12_900)).toEqual({
      shape: "unsure",
      mark: "stale",
      text: "Last heard 12 s ago · safe until 12:34",
    });
  }
  expect(text({ lamp: "starting", onServerMs: 0 }, started + 6_000)).toBe("Last heard 6 s ago · nothing was safe yet");
});

it("counts the age by the figures, not by the connection: one that lives can bring old ones, another's can bring new ones", () => {
  expect(at({ lamp: "safe", measuredAtMs: started + 20_000 }, started + 21_000, started).mark).toBe("safe");
  expect(at({ lamp: "safe", measuredAtMs: undefined }, started + 21_000)).toMatchObject({ mark: "stale" });
});

it("leaves a recording that does not run as it is, however old the news, until this page is cut off", () => {
  expect(at({ lamp: "paused", heldAtMs: 754_000 }, started + 900_000)).toMatchObject({ shape: "paused", mark: "none" });
  expect(at({ lamp: "paused", heldAtMs: 754_000 }, started + 900_000, started + 830_000)).toEqual({
    shape: "paused",
    mark: "stale",
    text: "Paused at 12:34 by Anna · last heard 1:10 ago",
  });
});

it("lets the timer stand while the recording is held, and run otherwise", () => {
  expect(positionMs(view({ startedAtMs: null }), started)).toBeNull();
  expect(positionMs(view({}), started + 5_000)).toBe(5_000);
  expect(positionMs(view({ heldAtMs: 3_000 }), started + 5_000)).toBe(3_000);
  expect(positionMs(view({}), started - 400)).toBe(0);
});
