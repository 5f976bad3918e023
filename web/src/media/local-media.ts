import { createObservable, type Observable } from "../observable/observable.ts";
import { applyBlur, blurOf } from "./background-blur.ts";
import { type Heard, heardBy, nextDevice, speakerInUse } from "./next-device.ts";

/** What a person's own microphone or camera is doing. */
export type Source =
  | { readonly state: "off" }
  | { readonly state: "asking" }
  | {
      readonly state: "live";
      readonly track: MediaStreamTrack;
      readonly deviceId: string;
      readonly label: string;
      /** Why another device that was chosen since could not be opened; this one goes on. */
      readonly refused?: SourceFault;
      /** A camera whose background the browser can blur: whether it does. */
      readonly blurred?: boolean;
      /** Of a shared screen: `browser` is one tab; `monitor`, `window` and an older browser's silence may hold this page. */
      readonly surface?: string;
    }
  | { readonly state: "failed"; readonly why: SourceFault };

/** `denied`: by the person or the system. `busy`: another program holds it. `ended`: it went away while in use. */
export type SourceFault = "denied" | "missing" | "busy" | "ended";

export type LocalState = {
  readonly microphone: Source;
  readonly camera: Source;
  readonly screen: Source;
  readonly muted: boolean;
  /** The system or the browser holds the microphone silent (a call on the phone, a hardware switch). */
  readonly silenced: boolean;
  readonly devices: {
    readonly microphones: readonly Device[];
    readonly cameras: readonly Device[];
    readonly speakers: readonly Device[];
  };
  /** What plays; "" is the system's own choice. */
  readonly speakerId: string;
  /** What the person chose; "" is the system's choice. What is in use may be another, while the chosen one is away. */
  readonly chosen: { readonly microphone: string; readonly camera: string; readonly speaker: string };
  readonly sound: SoundRules;
};

/** What the browser does to the microphone's sound. All on at first. */
export type SoundRules = Readonly<Record<"echoCancellation" | "noiseSuppression" | "autoGainControl", boolean>>;

export type Device = { readonly id: string; readonly label: string };

export type LocalMedia = Observable<LocalState> & {
  /** False where the browser has no way to share a screen, as on phones. */
  readonly sharesScreen: boolean;
  /** Microphone, then camera: camera first would leave the microphone's question unseen. Closing in between ends it. */
  readonly openBoth: () => Promise<void>;
  readonly openMicrophone: (deviceId?: string) => Promise<void>;
  readonly openCamera: (deviceId?: string) => Promise<void>;
  readonly closeCamera: () => void;
  /** Asks the browser to blur what is behind the person. What it does then is in `camera.blurred`. */
  readonly setBlur: (on: boolean) => Promise<void>;
  readonly shareScreen: () => Promise<void>;
  readonly stopScreen: () => void;
  readonly setMuted: (muted: boolean) => void;
  readonly setSpeaker: (deviceId: string) => void;
  /** What devices there are, as far as the browser tells before it may open one. Changes are followed by themselves. */
  readonly listDevices: () => Promise<void>;
  /** Opens the microphone anew with it: browsers take such a change from a running track, but do not follow it. */
  readonly setSound: (rule: keyof SoundRules, on: boolean) => Promise<void>;
  /** Ends every track, and what the browser still asks the person about. They can be opened again. */
  readonly closeAll: () => void;
  readonly dispose: () => void;
};

const nothing: LocalState = {
  microphone: { state: "off" },
  camera: { state: "off" },
  screen: { state: "off" },
  muted: false,
  silenced: false,
  devices: { microphones: [], cameras: [], speakers: [] },
  speakerId: "",
  chosen: { microphone: "", camera: "", speaker: "" },
  sound: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

/** This very tab is not offered: it holds what only staff may see. Newer than the browser's types that we compile against. */
const sharing: DisplayMediaStreamOptions & { readonly selfBrowserSurface: "exclude" } = {
  video: { frameRate: { max: 15 } },
  audio: false,
  selfBrowserSurface: "exclude",
};

const pictureRules = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } } as const;

/**
 * The person's own microphone, camera and screen. Owns every track it opens; dispose stops them all.
 * `media` is undefined where the browser gives none, on an address that is not secure: opening then fails as denied.
 */
export function createLocalMedia(media: MediaDevices | undefined): LocalMedia {
  const state = createObservable<LocalState>(nothing);
  const change = (part: Partial<LocalState>): void => state.set({ ...state.get(), ...part });
  /** Fences answers of the browser that arrive after a newer question, or after closing. */
  const asked = { microphone: 0, camera: 0, screen: 0 };
  /** What the person last chose for the background, for every camera that is opened after it. */
  let blurred: boolean | undefined;
  /** What there is, and what the system would choose, when it was last asked. */
  let heard: Heard = { microphones: [], cameras: [], systemMicrophone: "", speakers: undefined };

  const devices = (): MediaDevices => {
    if (!media) throw new DOMException("No media devices on an insecure address.", "NotAllowedError");
    return media;
  };

  async function listDevices(): Promise<void> {
    if (!media) return;
    try {
      const all = await media.enumerateDevices();
      heard = heardBy(all);
      change({ devices: sorted(all), speakerId: speakerInUse(state.get().chosen.speaker, heard) });
    } catch {
      // Some browsers refuse before permission; the lists then stay as they are.
    }
  }

  async function open(what: "microphone" | "camera", ask: () => Promise<MediaStream>): Promise<void> {
    const turn = ++asked[what];
    const before = state.get()[what];
    if (before.state !== "live") change({ [what]: { state: "asking" } });
    try {
      const stream = await ask();
      const [track] = stream.getTracks();
      if (turn !== asked[what] || !track) {
        for (const unwanted of stream.getTracks()) unwanted.stop();
        return;
      }
      if (what === "microphone") track.enabled = !state.get().muted;
      watch(what, track);
      if (what === "camera" && blurred !== undefined) await applyBlur(track, blurred);
      if (turn !== asked[what]) return track.stop();
      change({
        [what]: {
          state: "live",
          track,
          deviceId: track.getSettings().deviceId ?? "",
          label: track.label,
          ...(what === "camera" ? blurOf(track) : {}),
        },
        silenced: false,
      });
      if (before.state === "live") before.track.stop();
      void listDevices();
    } catch (thrown) {
      if (turn !== asked[what]) return;
      const now = state.get()[what];
      const why = faultOf(thrown);
      // A device that works is never given up for one that does not.
      change({ [what]: now.state === "live" ? { ...now, refused: why } : { state: "failed", why } });
    }
  }

  function watch(what: "microphone" | "camera" | "screen", track: MediaStreamTrack): void {
    const current = (): boolean => {
      const source = state.get()[what];
      return source.state === "live" && source.track === track;
    };
    track.onended = () => {
      if (!current()) return;
      change({ [what]: what === "screen" ? { state: "off" } : { state: "failed", why: "ended" } });
      // Unplugged: the system's default is the best guess; a refusal then shows as `failed`.
      if (what === "microphone") void reopenMicrophone("");
    };
    if (what !== "microphone") return;
    track.onmute = () => {
      if (current()) change({ silenced: true });
    };
    track.onunmute = () => {
      if (current()) change({ silenced: false });
    };
  }

  function close(what: "microphone" | "camera" | "screen"): void {
    asked[what]++;
    const source = state.get()[what];
    if (source.state === "live") source.track.stop();
    change({ [what]: { state: "off" } });
  }

  /** Plugged, unplugged, another default: what was chosen is opened again, in the same place of the call. */
  async function followDevices(): Promise<void> {
    const before = heard;
    await listDevices();
    const { microphone, camera, chosen } = state.get();
    const next = nextDevice({ before, now: heard, microphone, camera, chosen });
    if (next.microphone !== undefined) await reopenMicrophone(next.microphone);
    if (next.camera !== undefined) await reopenCamera(next.camera);
  }
  const devicesChanged = (): void => void followDevices();
  media?.addEventListener("devicechange", devicesChanged);

  const reopenMicrophone = (deviceId: string): Promise<void> =>
    open("microphone", async () => devices().getUserMedia({ audio: { ...state.get().sound, ...exactly(deviceId) } }));
  const reopenCamera = (deviceId: string): Promise<void> =>
    open("camera", async () => devices().getUserMedia({ video: { ...pictureRules, ...exactly(deviceId) } }));

  const closeAll = (): void => {
    for (const what of ["microphone", "camera", "screen"] as const) close(what);
  };

  const self: LocalMedia = {
    get: state.get,
    subscribe: state.subscribe,
    sharesScreen: media !== undefined && "getDisplayMedia" in media,
    openBoth: async () => {
      const turn = asked.camera;
      await self.openMicrophone();
      if (turn === asked.camera) await self.openCamera();
    },
    openMicrophone: (deviceId = state.get().chosen.microphone) => {
      change({ chosen: { ...state.get().chosen, microphone: deviceId } });
      return reopenMicrophone(deviceId);
    },
    openCamera: (deviceId = state.get().chosen.camera) => {
      change({ chosen: { ...state.get().chosen, camera: deviceId } });
      return reopenCamera(deviceId);
    },
    closeCamera: () => close("camera"),
    setBlur: async (on) => {
      blurred = on;
      const { camera } = state.get();
      if (camera.state !== "live") return;
      await applyBlur(camera.track, on);
      const now = state.get().camera;
      if (now.state === "live" && now.track === camera.track) change({ camera: { ...now, ...blurOf(camera.track) } });
    },
    shareScreen: async () => {
      const turn = ++asked.screen;
      try {
        const stream = await devices().getDisplayMedia(sharing);
        const [track] = stream.getVideoTracks();
        if (turn !== asked.screen || !track) {
          for (const unwanted of stream.getTracks()) unwanted.stop();
          return;
        }
        track.contentHint = "detail";
        watch("screen", track);
        const surface = track.getSettings().displaySurface;
        change({
          screen: { state: "live", track, deviceId: "", label: track.label, ...(surface ? { surface } : {}) },
        });
      } catch {
        // The person closed the browser's own picker: nothing was shared, and nothing is wrong.
        change({ screen: { state: "off" } });
      }
    },
    stopScreen: () => close("screen"),
    setMuted: (muted) => {
      const { microphone } = state.get();
      // Silence is sent, not nothing: the recording must tell "muted" from "gone".
      if (microphone.state === "live") microphone.track.enabled = !muted;
      change({ muted });
    },
    setSpeaker: (speakerId) => change({ speakerId, chosen: { ...state.get().chosen, speaker: speakerId } }),
    listDevices,
    setSound: async (rule, on) => {
      change({ sound: { ...state.get().sound, [rule]: on } });
      const { microphone } = state.get();
      if (microphone.state === "live") await reopenMicrophone(microphone.deviceId);
    },
    closeAll,
    dispose: () => {
      media?.removeEventListener("devicechange", devicesChanged);
      closeAll();
    },
  };
  return self;
}

const exactly = (deviceId: string) => (deviceId ? { deviceId: { exact: deviceId } } : {});

function sorted(all: readonly MediaDeviceInfo[]): LocalState["devices"] {
  const of = (kind: MediaDeviceKind): Device[] =>
    all.filter((d) => d.kind === kind && d.deviceId !== "").map((d) => ({ id: d.deviceId, label: d.label }));
  return { microphones: of("audioinput"), cameras: of("videoinput"), speakers: of("audiooutput") };
}

function faultOf(thrown: unknown): SourceFault {
  const name = thrown instanceof DOMException ? thrown.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "busy";
}
