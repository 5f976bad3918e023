import { createObservable, type Observable } from "../observable/observable.ts";

export type PlaybackState = { readonly playing: boolean; readonly rate: number };

export type Playback = {
  readonly state: Observable<PlaybackState>;
  /** ms; told about 20 times a second while playing. */
  readonly position: Observable<number>;
  readonly attach: (audio: HTMLAudioElement) => () => void;
  readonly play: () => void;
  readonly pause: () => void;
  readonly seek: (ms: number, andPlay?: boolean) => void;
  readonly setRate: (rate: number) => void;
  readonly dispose: () => void;
};

/** One audio element's playing, shared by the player, the transcript and the list of gaps. */
export function createPlayback(): Playback {
  const state = createObservable<PlaybackState>({ playing: false, rate: 1 });
  const position = createObservable(0);
  let element: HTMLAudioElement | undefined;
  let ticking: ReturnType<typeof setInterval> | undefined;

  const look = (): void => {
    if (element) position.set(Math.round(element.currentTime * 1000));
  };
  const play = (): void => {
    element?.play().catch(() => {
      // The link expired, or the element went away: the element's own error event renews the link.
    });
  };

  return {
    state,
    position,
    attach: (audio) => {
      element = audio;
      const off = new AbortController();
      const { signal } = off;
      audio.addEventListener("play", () => state.set({ ...state.get(), playing: true }), { signal });
      audio.addEventListener("pause", () => state.set({ ...state.get(), playing: false }), { signal });
      for (const event of ["seeked", "pause", "ended"]) audio.addEventListener(event, look, { signal });
      ticking = setInterval(look, 50);
      return () => {
        off.abort();
        clearInterval(ticking);
        element = undefined;
      };
    },
    play,
    pause: () => element?.pause(),
    seek: (ms, andPlay = false) => {
      if (!element) return;
      element.currentTime = ms / 1000;
      position.set(ms);
      if (andPlay) play();
    },
    setRate: (rate) => {
      if (element) element.playbackRate = rate;
      state.set({ ...state.get(), rate });
    },
    dispose: () => {
      clearInterval(ticking);
      element?.pause();
    },
  };
}
