import type { Participant } from "@verbatim/shared/control/protocol";
import { SeatId } from "@verbatim/shared/ids";
import { recordingOff } from "@verbatim/shared/recording/view";
import { expect, it } from "vitest";
import { english } from "../words/words.ts";
import { news } from "./news.ts";

const anna: Participant = {
  seatId: SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11"),
  role: "interviewer",
  name: "Anna",
  presence: "here",
  microphone: "on",
  camera: true,
  screen: false,
  quality: "good",
  consented: true,
};
const now = {
  participants: [anna],
  recording: { ...recordingOff, lamp: "safe" as const, onServerMs: 1_000 },
  stale: false,
};

it("tells of a recording whose figures are not heard any more, and again when they are, but not of figures that move", () => {
  const later = { ...now, recording: { ...now.recording, onServerMs: 2_000 } };
  expect(news(now, later, english, "safe")).toEqual([]);
  expect(news(later, { ...later, stale: true }, english, "Last heard 6 s ago")).toEqual(["Last heard 6 s ago"]);
  expect(news({ ...later, stale: true }, later, english, "safe")).toEqual(["safe"]);
});

it("tells who came, was cut off, left, and took control", () => {
  const away = { ...now, participants: [{ ...anna, presence: "away" as const }] };
  expect(news(now, away, english, "")).toEqual(["Anna lost the connection"]);
  expect(news(away, now, english, "")).toEqual([]);
  expect(news(now, { ...now, participants: [{ ...anna, presence: "left" }] }, english, "")).toEqual(["Anna left"]);
  const controlled = { ...now, recording: { ...now.recording, controllerSeatId: anna.seatId, controllerName: "Anna" } };
  expect(news(now, controlled, english, "")).toEqual(["Anna controls the recording"]);
});

it("tells a phone that paused somebody apart from a computer that holds their microphone silent", () => {
  const held = (by: Partial<Participant>) => ({ ...now, participants: [{ ...anna, ...by }] });
  expect(news(now, held({ paused: true }), english, "")).toEqual(["Anna was paused by their phone"]);
  expect(news(now, held({ silenced: true }), english, "")).toEqual(["Anna's system holds their microphone silent"]);
  expect(news(held({ silenced: true }), now, english, "")).toEqual([]);
});
