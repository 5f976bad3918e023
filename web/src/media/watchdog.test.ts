import { expect, it } from "vitest";
import { loudness } from "./level.ts";
import { qualityOf } from "./quality.ts";
import { createWatchdog } from "./watchdog.ts";

const consumer = (bytes: number, producerLive = true) => [{ consumerId: "c", bytes, producerLive }];

it("names a consumer that stood still for three seconds while its producer sends", () => {
  const watchdog = createWatchdog();
  expect(watchdog.look(consumer(100), 0, 0)).toEqual([]);
  expect(watchdog.look(consumer(100), 2_900, 0)).toEqual([]);
  expect(watchdog.look(consumer(100), 3_000, 0)).toEqual(["c"]);
});

it("waits longer on a path that stood for a while: then the sender is more likely away", () => {
  const watchdog = createWatchdog();
  watchdog.look(consumer(100), 60_000, 0);
  expect(watchdog.look(consumer(100), 71_000, 0)).toEqual([]);
  expect(watchdog.look(consumer(100), 72_000, 0)).toEqual(["c"]);
});

it("gives a repair six seconds before it asks for another", () => {
  const watchdog = createWatchdog();
  watchdog.look(consumer(100), 0, 0);
  expect(watchdog.look(consumer(100), 3_000, 0)).toEqual(["c"]);
  expect(watchdog.look(consumer(100), 8_000, 3_500)).toEqual([]);
  expect(watchdog.look(consumer(100), 9_000, 3_500)).toEqual(["c"]);
});

it("says nothing while bytes grow, or while the other side is away", () => {
  const watchdog = createWatchdog();
  for (let at = 0; at < 20_000; at += 1_000) expect(watchdog.look(consumer(at), at, 0)).toEqual([]);
  for (let at = 20_000; at < 40_000; at += 1_000) expect(watchdog.look(consumer(7, false), at, 0)).toEqual([]);
  expect(watchdog.look(consumer(7), 41_000, 40_000)).toEqual([]);
});

it("calls loss and delay by words", () => {
  const none = { packets: 0, lost: 0, roundTripMs: undefined };
  expect(qualityOf(none, { packets: 100, lost: 0, roundTripMs: 20 })).toBe("good");
  expect(qualityOf(none, { packets: 100, lost: 5, roundTripMs: 20 })).toBe("fair");
  expect(qualityOf(none, { packets: 100, lost: 0, roundTripMs: 400 })).toBe("fair");
  expect(qualityOf(none, { packets: 100, lost: 30, roundTripMs: 20 })).toBe("poor");
  expect(qualityOf({ packets: 100, lost: 50, roundTripMs: 20 }, { packets: 200, lost: 50, roundTripMs: 20 })).toBe(
    "good",
  );
});

it("moves the level meter through its middle for speech", () => {
  expect(loudness(0)).toBe(0);
  expect(loudness(0.05)).toBeGreaterThan(0.4);
  expect(loudness(0.05)).toBeLessThan(0.8);
  expect(loudness(1)).toBe(1);
});
