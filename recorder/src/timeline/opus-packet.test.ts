import { expect, it } from "vitest";
import { isStereoOpus, opusSamples } from "./opus-packet.ts";

it.each([
  ["20 ms of CELT", [0xf8, 0xff, 0xfe], 960],
  ["2.5 ms of CELT", [0xe0], 120],
  ["20 ms of hybrid, as browsers send speech", [0x78], 960],
  ["60 ms of SILK", [0x18], 2880],
  ["two frames of 20 ms", [0xf9], 1920],
  ["six frames of 20 ms, counted", [0xfb, 6], 5760],
  ["seven frames of 20 ms, which is too long", [0xfb, 7], 0],
  ["a count that is missing", [0xfb], 0],
  ["nothing", [], 0],
  ["two equal frames that are not equal", [0xf9, 1], 0],
  ["a first frame longer than the packet", [0xfa, 9, 1], 0],
  ["three frames of given lengths", [0xfb, 0x83, 1, 2, 7, 7, 7, 7], 2880],
  ["given lengths beyond the end", [0xfb, 0x83, 1, 200, 7], 0],
  ["padding", [0xfb, 0x41, 2, 7, 0, 0], 960],
  ["padding beyond the end", [0xfb, 0x41, 200, 7], 0],
])("reads the duration of %s", (_, bytes, samples) => {
  expect(opusSamples(Uint8Array.from(bytes))).toBe(samples);
});

it("reads whether a packet is stereo", () => {
  expect(isStereoOpus(Uint8Array.of(0xfc))).toBe(true);
  expect(isStereoOpus(Uint8Array.of(0xf8))).toBe(false);
});
