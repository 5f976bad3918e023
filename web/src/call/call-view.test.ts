import { recordingOff } from "@verbatim/shared/recording/view";
import { expect, it } from "vitest";
import { measuredLast } from "./call-view.ts";

it("shows the figures that were measured last, whichever way they came", () => {
  const older = { ...recordingOff, onServerMs: 1_000, measuredAtMs: 1_000 };
  const newer = { ...recordingOff, onServerMs: 2_000, measuredAtMs: 2_000 };
  expect(measuredLast(older, newer)).toBe(newer);
  expect(measuredLast(newer, older)).toBe(newer);
  expect(measuredLast(undefined, older)).toBe(older);
  expect(measuredLast(older, recordingOff)).toBe(older);
});
