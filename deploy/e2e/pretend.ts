import type { BrowserContext, Page } from "playwright-core";

/** What a test does to a person's devices. Microphones are named by their pitch in hertz: that is how each is told by ear. */
type Pretended = {
  plug(kind: "microphone" | "speaker", id: string, hertz?: number): void;
  /** As a cable that is pulled: what was open of it ends. */
  unplug(id: string): void;
  /** Which microphone the system would choose. */
  prefer(id: string): void;
  /** What the page asked the browser for, oldest first. */
  asked(): readonly MediaTrackConstraints[];
  /** A pitch that sways is a voice, one that stands still a howl. */
  sway(on: boolean): void;
  /** The system holds the open microphones silent, as for a phone call. */
  hold(on: boolean): void;
  /** Another app is in front: playing stops, microphones end, none is given until the page is seen again. */
  hide(hidden: boolean): void;
  screenHeld(): boolean;
  /** Round trips of the page's connections take so long; as long as they do before this is said. */
  delay(ms: number): void;
};

/** Replaces, before the page's scripts run, what the machine has by what the test says; cameras stay as they are. */
export async function pretend(context: BrowserContext, hertz: number, tablet = false): Promise<void> {
  await context.addInitScript(inPage, { hertz, tablet });
}

/** Does one thing to the devices of a page's person. Answers when it was done, by the clock that both share. */
export async function does<K extends keyof Pretended>(
  page: Page,
  what: K,
  ...how: Parameters<Pretended[K]>
): Promise<{ readonly atMs: number; readonly said: ReturnType<Pretended[K]> }> {
  return await page.evaluate(
    ([name, args]) => {
      const atMs = Date.now();
      const { pretended } = window as unknown as { pretended: Record<string, (...values: unknown[]) => unknown> };
      return { atMs, said: pretended[name]?.(...args) as never };
    },
    [what, how] as const,
  );
}

/** Runs in the page. Self-contained: it is sent there as text. */
function inPage({ hertz: first, tablet }: { hertz: number; tablet: boolean }): void {
  const media = navigator.mediaDevices;
  if (!media) return;
  const real = media.getUserMedia.bind(media);
  const audio = new AudioContext();
  const swaying = audio.createGain();
  const pace = audio.createOscillator();
  pace.frequency.value = 1.3;
  pace.connect(swaying);
  swaying.gain.value = 60;
  pace.start();
  let microphones = [{ id: "lid", hertz: first }];
  let speakers: string[] = ["lid-speaker"];
  const open = new Map<MediaStreamTrack, string>();
  const asked: MediaTrackConstraints[] = [];
  const changed = (): boolean => media.dispatchEvent(new Event("devicechange"));
  const end = (track: MediaStreamTrack): void => {
    open.delete(track);
    track.stop();
    // Only what the system ends tells of it.
    track.dispatchEvent(new Event("ended"));
  };
  const device = (kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo =>
    ({ kind, deviceId, label, groupId: label, toJSON: () => undefined }) as MediaDeviceInfo;

  media.enumerateDevices = async () => [
    ...microphones.slice(0, 1).map(({ id }) => device("audioinput", "default", `Default ${id}`)),
    ...microphones.map(({ id }) => device("audioinput", id, id)),
    device("videoinput", "camera", "camera"),
    ...["default", ...speakers].map((id) => device("audiooutput", id, id)),
  ];
  media.getUserMedia = async (wanted) => {
    const rules = wanted?.audio;
    if (typeof rules !== "object") return await real(wanted?.video ? { video: true } : wanted);
    asked.push(structuredClone(rules));
    if (document.visibilityState === "hidden") throw new DOMException("", "NotAllowedError");
    const id = (rules.deviceId as { exact?: string } | undefined)?.exact ?? "default";
    const found = id === "default" ? microphones[0] : microphones.find((one) => one.id === id);
    if (!found) throw new DOMException("", "NotFoundError");
    await audio.resume();
    const tone = audio.createOscillator();
    tone.frequency.value = found.hertz;
    swaying.connect(tone.frequency);
    const quieter = audio.createGain();
    quieter.gain.value = 0.2;
    const out = audio.createMediaStreamDestination();
    out.channelCount = 1;
    tone.connect(quieter).connect(out);
    tone.start();
    const [track] = out.stream.getAudioTracks();
    if (!track) throw new Error("no audio track");
    Object.defineProperty(track, "label", { value: found.id });
    track.getSettings = () => ({ deviceId: id });
    open.set(track, found.id);
    return out.stream;
  };
  HTMLMediaElement.prototype.setSinkId = async function (this: HTMLMediaElement, id) {
    if (id !== "" && !speakers.includes(id)) throw new DOMException("", "NotFoundError");
    this.dataset["speaker"] = id;
  };

  let visibility: DocumentVisibilityState = "visible";
  let locks = 0;
  if (tablet) {
    // An iPad calls itself a Mac; it shares no screen.
    const system = /X11; Linux [^)]*/;
    const userAgent = navigator.userAgent.replace(system, "Macintosh; Intel Mac OS X 10_15_7");
    Object.defineProperty(navigator, "userAgent", { value: userAgent });
    Object.defineProperty(navigator, "maxTouchPoints", { value: 5 });
    Reflect.deleteProperty(MediaDevices.prototype, "getDisplayMedia");
    Object.defineProperty(document, "visibilityState", { get: () => visibility });
    const request = async (): Promise<unknown> => {
      locks++;
      const lock = {
        released: false,
        release: async () => {
          if (lock.released) return;
          lock.released = true;
          locks--;
        },
      };
      document.addEventListener("visibilitychange", () => visibility === "hidden" && void lock.release());
      return lock;
    };
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
  }

  let delayMs = 0;
  const stats = RTCPeerConnection.prototype.getStats;
  RTCPeerConnection.prototype.getStats = async function (this: RTCPeerConnection) {
    const report = await stats.call(this);
    if (delayMs === 0) return report;
    const pair = { type: "candidate-pair", nominated: true, currentRoundTripTime: delayMs / 1000 };
    const others = [...report].filter(([, { type }]: [string, { type: string }]) => type !== "candidate-pair");
    return new Map([...others, ["delayed", pair]]);
  };

  const pretended: Pretended = {
    plug(kind, id, hertz = 0) {
      if (kind === "microphone") microphones.push({ id, hertz });
      else speakers.push(id);
      changed();
    },
    unplug(id) {
      microphones = microphones.filter((one) => one.id !== id);
      speakers = speakers.filter((one) => one !== id);
      for (const [track, of] of open) if (of === id && track.readyState === "live") end(track);
      changed();
    },
    prefer(id) {
      microphones.sort((a, b) => Number(b.id === id) - Number(a.id === id));
      changed();
    },
    asked: () => asked,
    sway(on) {
      swaying.gain.value = on ? 60 : 0;
    },
    hold(on) {
      for (const track of open.keys()) track.dispatchEvent(new Event(on ? "mute" : "unmute"));
    },
    hide(hidden) {
      visibility = hidden ? "hidden" : "visible";
      document.dispatchEvent(new Event("visibilitychange"));
      if (!hidden) return;
      for (const playing of document.querySelectorAll("audio")) playing.pause();
      for (const track of open.keys()) end(track);
    },
    screenHeld: () => locks > 0,
    delay(ms) {
      delayMs = ms;
    },
  };
  Object.assign(window, { pretended });
}
