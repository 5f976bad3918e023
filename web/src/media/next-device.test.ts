import { expect, it } from "vitest";
import type { Source } from "./local-media.ts";
import { type Heard, heardBy, nextDevice, speakerInUse } from "./next-device.ts";

const live = (deviceId: string): Source => ({
  state: "live",
  track: {} as MediaStreamTrack,
  deviceId,
  label: deviceId,
});
const heard = (microphones: string[], system = "built-in", cameras: string[] = ["lid"]): Heard => ({
  microphones: ["default", ...microphones],
  cameras,
  systemMicrophone: system,
  speakers: undefined,
});
const off: Source = { state: "off" };

it.each<[string, Partial<Parameters<typeof nextDevice>[0]>, string | undefined]>([
  ["the system chose a headset that was plugged in", { now: heard(["built-in", "headset"], "headset") }, ""],
  ["another device came that nobody chose", { now: heard(["built-in", "usb"]) }, undefined],
  [
    "the chosen one came back",
    {
      microphone: live("built-in"),
      chosen: { microphone: "headset", camera: "" },
      now: heard(["built-in", "headset"]),
    },
    "headset",
  ],
  [
    "the chosen one is in use while the system's choice changes",
    { microphone: live("usb"), chosen: { microphone: "usb", camera: "" }, now: heard(["usb", "x"], "x") },
    undefined,
  ],
  ["the first microphone came", { microphone: { state: "failed", why: "missing" }, now: heard(["usb"]) }, ""],
  ["the browser was told not to", { microphone: { state: "failed", why: "denied" }, now: heard(["usb"]) }, undefined],
  ["the person never opened one", { microphone: off, now: heard(["usb"], "usb") }, undefined],
])("after %s", (_what, of, expected) => {
  const before = heard(["built-in"]);
  const usual = {
    before,
    now: before,
    microphone: live("default"),
    camera: off,
    chosen: { microphone: "", camera: "" },
  };
  expect(nextDevice({ ...usual, ...of }).microphone).toBe(expected);
});

it("a camera is turned on again only when the one that was in use comes back", () => {
  const usual = {
    microphone: live("default"),
    camera: { state: "failed", why: "ended" } as Source,
    chosen: { microphone: "", camera: "usb" },
  };
  const without = heard(["built-in"], "built-in", ["lid"]);
  expect(nextDevice({ ...usual, before: without, now: heard([], "", ["lid", "other"]) }).camera).toBeUndefined();
  expect(nextDevice({ ...usual, before: without, now: heard([], "", ["lid", "usb"]) }).camera).toBe("usb");
});

it("a chosen speaker plays while it is there, the system's own while it is away; a browser that names none takes nothing away", () => {
  const listed = (...ids: string[]): Heard =>
    heardBy(ids.map((deviceId) => ({ kind: "audiooutput", deviceId }) as MediaDeviceInfo));
  expect(speakerInUse("desk", listed("default", "desk"))).toBe("desk");
  expect(speakerInUse("desk", listed("default", "lid"))).toBe("");
  expect(speakerInUse("desk", listed())).toBe("");
  expect(speakerInUse("desk", listed(""))).toBe("desk");
});
