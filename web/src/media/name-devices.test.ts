import { expect, it } from "vitest";
import { createLocalMedia } from "./local-media.ts";
import { nameDevices } from "./name-devices.ts";

/** A browser that names its devices once it was allowed the microphone. */
function browser(allows: boolean) {
  let allowed = false;
  const tracks: { readyState: "live" | "ended"; stop(): void }[] = [];
  const media = Object.assign(new EventTarget(), {
    enumerateDevices: async () => [
      { kind: "audiooutput", deviceId: allowed ? "usb" : "", label: allowed ? "Headphones" : "", groupId: "" },
    ],
    getUserMedia: async () => {
      if (!allows) throw new DOMException("", "NotAllowedError");
      allowed = true;
      const track = {
        readyState: "live" as "live" | "ended",
        stop() {
          this.readyState = "ended";
        },
      };
      tracks.push(track);
      return { getTracks: () => [track] };
    },
  }) as unknown as MediaDevices;
  return { media, tracks };
}

it("who only listens has no names before, and names after a yes; the microphone is closed again and nothing is sent", async () => {
  const { media, tracks } = browser(true);
  const local = createLocalMedia(media);
  await local.listDevices();
  expect(local.get().devices.speakers).toEqual([]);
  expect(await nameDevices(local, media)).toBe(true);
  expect(local.get().devices.speakers).toEqual([{ id: "usb", label: "Headphones" }]);
  expect(tracks.map(({ readyState }) => readyState)).toEqual(["ended"]);
  expect(local.get().microphone).toEqual({ state: "off" });
});

it("after a no everything is as it was", async () => {
  const { media } = browser(false);
  const local = createLocalMedia(media);
  expect(await nameDevices(local, media)).toBe(false);
  expect(local.get()).toMatchObject({ devices: { speakers: [] }, microphone: { state: "off" } });
});
