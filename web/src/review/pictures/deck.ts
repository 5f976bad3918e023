import type { PicturePiece } from "@verbatim/shared/api/pictures";
import { inStep } from "./in-step.ts";

/** One video element and the stored file in it. */
export type Deck = {
  readonly piece: PicturePiece | undefined;
  /** It has a frame to show. */
  readonly ready: boolean;
  readonly load: (piece: PicturePiece) => void;
  /** Keeps to the sound's position. */
  readonly follow: (soundMs: number, playing: boolean, rate: number) => void;
  readonly rest: () => void;
  readonly show: (front: boolean) => void;
  readonly dispose: () => void;
};

/** A file that could not be fetched is asked for again after this. */
const AGAIN_MS = 3_000;
/** A frame; a paused picture that is nearer than this is left alone. */
const STILL_MS = 20;
/** A jump takes a while, in which the sound goes on: at most so much is foreseen. */
const MAX_LEAD_MS = 1_500;

/** `changed`: the element can do more, or less, than before. */
export function createDeck(element: HTMLVideoElement, changed: () => void): Deck {
  let piece: PicturePiece | undefined;
  let failed: { readonly key: string; readonly atMs: number } | undefined;
  let soughtAtMs = 0;
  let leadMs = 0;
  const off = new AbortController();
  const { signal } = off;

  element.addEventListener("loadeddata", changed, { signal });
  element.addEventListener(
    "seeked",
    () => {
      leadMs = Math.min(MAX_LEAD_MS, performance.now() - soughtAtMs);
      changed();
    },
    { signal },
  );
  element.addEventListener(
    "error",
    () => {
      if (piece) failed = { key: piece.key, atMs: performance.now() };
      piece = undefined;
      changed();
    },
    { signal },
  );

  const seek = (toMs: number): void => {
    soughtAtMs = performance.now();
    element.currentTime = Math.max(0, toMs) / 1000;
  };
  const play = (): void => {
    element.play().catch(() => {
      // Paused again before it began, or the file went away: `follow` says anew what is to be done.
    });
  };

  return {
    get piece() {
      return piece;
    },
    get ready() {
      return piece !== undefined && element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    },
    load(next) {
      if (piece?.key === next.key) return;
      if (failed?.key === next.key && performance.now() - failed.atMs < AGAIN_MS) return;
      piece = next;
      element.src = next.url;
    },
    follow(soundMs, playing, rate) {
      if (!piece || element.seeking || element.readyState < HTMLMediaElement.HAVE_METADATA) return;
      // Never beyond the end: there `play` would begin anew.
      const wantedMs = Math.min(soundMs - piece.startMs, element.duration * 1000 - 1);
      const aheadMs = element.currentTime * 1000 - wantedMs;
      if (!playing) {
        if (!element.paused) element.pause();
        if (Math.abs(aheadMs) > STILL_MS) seek(wantedMs);
        return;
      }
      const step = inStep(aheadMs, rate);
      if (step.do === "seek") seek(wantedMs + leadMs * rate);
      else if (step.do === "hold") element.pause();
      else {
        if (element.playbackRate !== step.rate) element.playbackRate = step.rate;
        if (element.paused && !element.ended) play();
      }
    },
    rest() {
      if (!element.paused) element.pause();
    },
    show(front) {
      element.dataset["front"] = String(front);
    },
    dispose() {
      off.abort();
      element.pause();
      element.removeAttribute("src");
      element.load();
    },
  };
}
