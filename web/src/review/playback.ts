import { createObservable, type Observable } from "../observable/observable.ts";

/** `broken`: the sound could not be loaded, twice; playing tries again. */
export type PlaybackState = { readonly playing: boolean; readonly rate: number; readonly broken: boolean };

export type Playback = {
  readonly state: Observable<PlaybackState>;
  /** ms; told about 20 times a second while playing. */
  readonly position: Observable<number>;
  /** The sound's position at this very moment, ms. */
  readonly nowMs: () => number;
  /** Another element, of a newer master, goes on where the last one was. Returns the way to let go of it. */
  readonly attach: (audio: HTMLAudioElement) => () => void;
  readonly play: () => void;
  readonly pause: () => void;
  readonly seek: (ms: number, andPlay?: boolean) => void;
  readonly setRate: (rate: number) => void;
  readonly dispose: () => void;
};

/** One audio element's playing, shared by the player, the transcript and the list of gaps. */
export function createPlayback(): Playback {
  const state = createObservable<PlaybackState>({ playing: false, rate: 1, broken: false });
  const position = createObservable(0);
  let element: HTMLAudioElement | undefined;
  let ticking: ReturnType<typeof setInterval> | undefined;
  /** The element knows nothing of the recording yet; the position is kept for it. */
  let loading = true;
  /** Its link ended, and a fresh one was asked for: failing again now means more than that. */
  let afresh = false;

  const change = (part: Partial<PlaybackState>): void => state.set({ ...state.get(), ...part });
  const look = (): void => {
    if (element && !loading) position.set(Math.round(element.currentTime * 1000));
  };
  const start = (audio: HTMLAudioElement): void => {
    audio.play().catch(() => {
      // The sound could not be loaded, of which the element's error tells, or the element went away.
    });
  };
  const load = (playing: boolean): void => {
    loading = true;
    change({ broken: false, playing });
    element?.load();
  };
  const loaded = (audio: HTMLAudioElement): void => {
    loading = false;
    audio.currentTime = position.get() / 1000;
    audio.playbackRate = state.get().rate;
    if (state.get().playing) start(audio);
  };
  const failed = (): void => {
    if (!afresh) {
      afresh = true;
      return load(state.get().playing);
    }
    afresh = false;
    loading = true;
    change({ broken: true, playing: false });
  };
  const play = (): void => {
    if (!element) return;
    if (state.get().broken) load(true);
    else if (loading) change({ playing: true });
    else start(element);
  };

  return {
    state,
    position,
    nowMs: () => (element && !loading ? element.currentTime * 1000 : position.get()),
    attach: (audio) => {
      element = audio;
      loading = true;
      change({ broken: false });
      const off = new AbortController();
      const { signal } = off;
      audio.addEventListener("loadedmetadata", () => loaded(audio), { signal });
      audio.addEventListener("canplay", () => (afresh = false), { signal });
      audio.addEventListener("error", failed, { signal });
      audio.addEventListener("play", () => change({ playing: true }), { signal });
      audio.addEventListener("pause", () => change({ playing: false }), { signal });
      for (const event of ["seeked", "pause", "ended"]) audio.addEventListener(event, look, { signal });
      ticking = setInterval(look, 50);
      // It began to load before it was handed to us.
      if (audio.error) failed();
      else if (audio.readyState > 0) loaded(audio);
      return () => {
        off.abort();
        clearInterval(ticking);
        element = undefined;
      };
    },
    play,
    pause: () => {
      if (loading) change({ playing: false });
      element?.pause();
    },
    seek: (ms, andPlay = false) => {
      if (!element) return;
      // The sound first: who is told of the position asks where it is.
      if (!loading) element.currentTime = ms / 1000;
      position.set(ms);
      if (andPlay) play();
    },
    setRate: (rate) => {
      if (element) element.playbackRate = rate;
      change({ rate });
    },
    dispose: () => {
      clearInterval(ticking);
      element?.pause();
    },
  };
}
