import { expect, it } from "vitest";
import type { LocalMedia, Source } from "./local-media.ts";
import { heldBy, isHandheld, isIos, watchPhone } from "./watch-phone.ts";

const computer = { microphoneSilenced: false, hidden: false, ios: false, handheld: false };
const android = { ...computer, handheld: true };
const iphone = { ...android, ios: true };

it.each([
  [{ ...android, microphoneSilenced: true }, "phone"],
  [{ ...iphone, microphoneSilenced: true }, "phone"],
  [{ ...iphone, hidden: true }, "phone"],
  [{ ...android, hidden: true }, undefined],
  [iphone, undefined],
  [{ ...computer, microphoneSilenced: true }, "system"],
  [{ ...computer, hidden: true }, undefined],
])("%o", (of, held) => {
  expect(heldBy(of)).toBe(held);
});

it("an iPad that calls itself a Mac is one of them, a Mac is not", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15";
  expect(isIos({ userAgent: mac, maxTouchPoints: 5 })).toBe(true);
  expect(isIos({ userAgent: mac, maxTouchPoints: 0 })).toBe(false);
});

it.each([
  ["Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36", true],
  ["Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", true],
  ["Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", true],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148", true],
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", false],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", false],
])("%s is a phone or tablet: %s", (userAgent, handheld) => {
  // A computer with a touch screen is none.
  expect(isHandheld({ userAgent, maxTouchPoints: 5 })).toBe(handheld);
});

it.each<[string, Source, Source, number]>([
  ["taken while it was hidden is opened again", live(), { state: "failed", why: "denied" }, 1],
  ["never allowed is not asked for", { state: "failed", why: "denied" }, { state: "failed", why: "denied" }, 0],
  ["still open stays as it is", live(), live(), 0],
])("on return to the page a microphone that was %s", (_what, before, after, times) => {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const page = Object.assign(new EventTarget(), { document, navigator: { userAgent: "", maxTouchPoints: 0 } });
  const state = { silenced: false, microphone: before };
  let opened = 0;
  const local = { get: () => state, subscribe: () => () => {}, openMicrophone: async () => void opened++ };
  watchPhone(page as unknown as Window, local as unknown as LocalMedia, () => {});
  const turn = (visibilityState: DocumentVisibilityState): void => {
    document.visibilityState = visibilityState;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  turn("hidden");
  state.microphone = after;
  turn("visible");
  turn("visible");
  expect(opened).toBe(times);
});

function live(): Source {
  return { state: "live", track: {} as MediaStreamTrack, deviceId: "", label: "" };
}
