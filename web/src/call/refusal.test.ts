import { SeatId } from "@verbatim/shared/ids";
import { type RecordingView, recordingOff } from "@verbatim/shared/recording/view";
import { expect, it } from "vitest";
import { isPast } from "./refusal.ts";

const me = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11");
const other = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a12");
const now = (epoch: number, controllerSeatId: SeatId, lamp: RecordingView["lamp"] = "safe"): RecordingView => ({
  ...recordingOff,
  lamp,
  epoch,
  controllerSeatId,
});

it("stays while it is true: another was faster, and this page learns of that", () => {
  expect(isPast({ action: "take_over", epoch: 3 }, now(3, me), me)).toBe(false);
  expect(isPast({ action: "take_over", epoch: 3 }, now(4, other), me)).toBe(false);
});

it("is past when control passes on once more, or comes to this person", () => {
  expect(isPast({ action: "stop", epoch: 3 }, now(5, other), me)).toBe(true);
  expect(isPast({ action: "stop", epoch: 3 }, now(4, me), me)).toBe(true);
});

it("that nothing could be started is past when it runs", () => {
  expect(isPast({ action: "start", epoch: 0 }, now(0, other, "off"), me)).toBe(false);
  expect(isPast({ action: "start", epoch: 0 }, now(1, other, "starting"), me)).toBe(true);
});
