import { expect, it } from "vitest";
import { hearServer, noServerClock } from "./server-clock.ts";

it("trusts the message that travelled least: one that waited 20 s does not make old figures fresh", () => {
  const clock = hearServer(hearServer(noServerClock, 100_000, 40_000), 101_000, 61_000);
  expect(clock.offsetMs).toBe(60_000);
});

it("follows when this machine's clock was set, at once or after a few messages", () => {
  let clock = hearServer(noServerClock, 100_000, 40_000);
  clock = hearServer(clock, 101_000, 11_000);
  expect(clock.offsetMs).toBe(90_000);
  for (let n = 1; n <= 8; n++) clock = hearServer(clock, 101_000 + n * 1_000, 71_000 + n * 1_000);
  expect(clock.offsetMs).toBe(30_000);
});
