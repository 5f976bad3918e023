import { expect, it } from "vitest";
import { createKeyFrameTimes } from "./key-frames.ts";

const clock = { bootId: "boot", startUs: 5_000_000, startUtcMs: 0 };

it("asks once before each cut: at 2, 5, 10, 30 and every 30 s of the recording", () => {
  const times = createKeyFrameTimes(clock);
  const asked: number[] = [];
  for (let ms = 0; ms < 95_000; ms += 15) if (times.due(clock.startUs + ms * 1000)) asked.push(ms);
  expect(asked.map((ms) => Math.ceil((ms + 700 - 15) / 1000))).toEqual([2, 5, 10, 30, 60, 90]);
});

it("asks once after a sleep over several cuts", () => {
  const times = createKeyFrameTimes(clock);
  expect(times.due(clock.startUs)).toBe(false);
  expect([1, 2, 3].map(() => times.due(clock.startUs + 100_000_000))).toEqual([true, false, false]);
});
