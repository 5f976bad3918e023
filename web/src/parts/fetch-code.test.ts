import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Code, fetchCode } from "./fetch-code.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("asks for a missing part again until it is here, says so meanwhile, and then stops", async () => {
  const told: Code<string>[] = [];
  const load = vi.fn(async () => {
    if (load.mock.calls.length < 3) throw new TypeError("Failed to fetch");
    return "part";
  });
  fetchCode(
    load,
    (code) => told.push(code),
    async () => undefined,
  );
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([{ missed: true }, { missed: true }, { here: "part", missed: false }]);
  expect(load).toHaveBeenCalledTimes(3);
});

it("takes a part for missing while its style sheet is", async () => {
  const told: Code<string>[] = [];
  const load = vi.fn(async () => {
    if (load.mock.calls.length === 1) throw new Error("Unable to preload CSS");
    return "part";
  });
  let tries = 0;
  fetchCode(
    load,
    (code) => told.push(code),
    async () => {
      tries += 1;
      if (tries < 3) throw new Error("did not come");
    },
  );
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told.at(-1)).toEqual({ here: "part", missed: false });
  expect([tries, load.mock.calls.length]).toEqual([3, 2]);
});

it("asks no more, and tells nothing, when the place for it is gone", async () => {
  const load = vi.fn(() => Promise.reject(new TypeError("Failed to fetch")));
  const tell = vi.fn();
  const giveUp = fetchCode(load, tell);
  giveUp();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(load).toHaveBeenCalledTimes(1);
  expect(tell).not.toHaveBeenCalled();
});
