import { expect, it } from "vitest";
import { isIos, isPaused } from "./watch-phone.ts";

it.each([
  [{ microphoneSilenced: true, hidden: false, ios: false }, true],
  [{ microphoneSilenced: false, hidden: true, ios: true }, true],
  [{ microphoneSilenced: false, hidden: true, ios: false }, false],
  [{ microphoneSilenced: false, hidden: false, ios: true }, false],
])("%o", (of, paused) => {
  expect(isPaused(of)).toBe(paused);
});

it("an iPad that calls itself a Mac is one of them, a Mac is not", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15";
  expect(isIos({ userAgent: mac, maxTouchPoints: 5 })).toBe(true);
  expect(isIos({ userAgent: mac, maxTouchPoints: 0 })).toBe(false);
});
