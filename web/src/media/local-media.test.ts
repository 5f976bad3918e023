import { expect, it } from "vitest";
import { createLocalMedia } from "./local-media.ts";

/** The browser's devices, answering when the test says so: each question waits in `asked`. */
function browser() {
  type Question = {
    readonly what: "audio" | "video";
    readonly deviceId: string;
    readonly allow: () => Track;
    readonly refuse: (name: string) => void;
  };
  const asked: Question[] = [];
  const getUserMedia = (constraints: MediaStreamConstraints): Promise<MediaStream> => {
    const answer = Promise.withResolvers<MediaStream>();
    const what = constraints.audio ? "audio" : "video";
    const wanted = (constraints[what] as { deviceId?: { exact: string } }).deviceId?.exact ?? "default";
    asked.push({
      what,
      deviceId: wanted,
      allow: () => {
        const track = trackOf(wanted);
        answer.resolve({ getTracks: () => [track] } as unknown as MediaStream);
        return track;
      },
      refuse: (name) => answer.reject(new DOMException("", name)),
    });
    return answer.promise;
  };
  const devices = Object.assign(new EventTarget(), { getUserMedia, enumerateDevices: async () => [] });
  return { media: devices as unknown as MediaDevices, asked };
}

type Track = { stopped: boolean; enabled: boolean; onended: (() => void) | null };
const trackOf = (deviceId: string) => ({
  stopped: false,
  enabled: true,
  onended: null as (() => void) | null,
  stop() {
    this.stopped = true;
  },
  label: `Device ${deviceId}`,
  getSettings: () => ({ deviceId }),
});

it("keeps a working microphone when the one that was chosen cannot be opened, and says why", async () => {
  const { media, asked } = browser();
  const local = createLocalMedia(media);
  const first = local.openMicrophone();
  const track = asked[0]!.allow();
  await first;
  for (const [name, why] of [
    ["NotReadableError", "busy"],
    ["OverconstrainedError", "missing"],
  ] as const) {
    const second = local.openMicrophone("usb");
    asked.at(-1)!.refuse(name);
    await second;
    expect(local.get().microphone).toMatchObject({ state: "live", track, deviceId: "default", refused: why });
  }
  expect(track.stopped).toBe(false);
  const third = local.openMicrophone("headset");
  asked.at(-1)!.allow();
  await third;
  expect(local.get().microphone).toMatchObject({ state: "live", deviceId: "headset" });
  expect(local.get().microphone).not.toHaveProperty("refused");
  expect(track.stopped).toBe(true);
});

it("says why when there is no working device to keep", async () => {
  const { media, asked } = browser();
  const local = createLocalMedia(media);
  const opened = local.openMicrophone();
  asked[0]!.refuse("NotAllowedError");
  await opened;
  expect(local.get().microphone).toEqual({ state: "failed", why: "denied" });
});

it("goes to the system's microphone when the one in use is unplugged while another is asked for", async () => {
  const { media, asked } = browser();
  const local = createLocalMedia(media);
  const first = local.openMicrophone("usb");
  const track = asked[0]!.allow();
  await first;
  void local.openMicrophone("headset");
  track.onended?.();
  expect(asked.map(({ deviceId }) => deviceId)).toEqual(["usb", "headset", "default"]);
  asked[1]!.refuse("NotFoundError");
  asked[2]!.allow();
  await expect.poll(() => local.get().microphone).toMatchObject({ state: "live", deviceId: "default" });
});

it("opens nothing that was asked for before leaving: neither the answered microphone nor the camera after it", async () => {
  for (const leave of ["closeAll", "dispose"] as const) {
    const { media, asked } = browser();
    const local = createLocalMedia(media);
    const both = local.openBoth();
    local[leave]();
    const track = asked[0]!.allow();
    await both;
    expect(track.stopped).toBe(true);
    expect(asked.map(({ what }) => what)).toEqual(["audio"]);
    expect(local.get()).toMatchObject({ microphone: { state: "off" }, camera: { state: "off" } });
  }
});

it("asks for the camera after the microphone, also when that was refused", async () => {
  const { media, asked } = browser();
  const local = createLocalMedia(media);
  const both = local.openBoth();
  asked[0]!.refuse("NotAllowedError");
  await expect.poll(() => asked.length).toBe(2);
  asked[1]!.allow();
  await both;
  expect(local.get()).toMatchObject({ microphone: { state: "failed" }, camera: { state: "live" } });
});

it("knows whether this browser can share a screen", () => {
  expect(createLocalMedia(browser().media).sharesScreen).toBe(false);
  const able = Object.assign(browser().media, { getDisplayMedia: async () => new MediaStream() });
  expect(createLocalMedia(able).sharesScreen).toBe(true);
});

it("blurs the background where the browser can, shows what it does then, and asks the next camera for the same", async () => {
  const { media, asked } = browser();
  const local = createLocalMedia(media);
  const open = async (can: readonly boolean[]) => {
    const opening = local.openCamera();
    const track = asked.at(-1)!.allow();
    let backgroundBlur = false;
    Object.assign(track, {
      getCapabilities: () => ({ backgroundBlur: can }),
      getSettings: () => ({ backgroundBlur }),
      getConstraints: () => ({}),
      applyConstraints: async (wanted: { backgroundBlur: boolean }) => {
        backgroundBlur = wanted.backgroundBlur;
      },
    });
    await opening;
  };
  await open([false, true]);
  expect(local.get().camera).toMatchObject({ blurred: false });
  await local.setBlur(true);
  expect(local.get().camera).toMatchObject({ blurred: true });
  await open([true, false]);
  expect(local.get().camera).toMatchObject({ blurred: true });
  await open([false]);
  expect(local.get().camera, "nothing to choose").not.toHaveProperty("blurred");
});
