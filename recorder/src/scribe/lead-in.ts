import { MIX_RATE } from "@verbatim/shared/clock";
import type { Frame } from "./sent-audio.ts";

/** Kept around a voice: as much as an engine needs to find where it begins, and that it has ended. */
const BEFORE_FRAMES = 15;
const AFTER_FRAMES = 25;
/** Of half a minute two seconds are left, which every engine gets through. */
const MOST_HALVINGS = 4;

/** The last so many seconds of speech that an engine has settled, for a stream that takes a lost one's place. */
export function createLeadIn(seconds: number) {
  let frames: Frame[] = [];
  let before: Frame[] = [];
  let after = 0;
  /** Streams lost before they settled anything, less those that did: each halves what the next one hears again. */
  let fruitless = 0;
  let settledSome = false;

  const keepOne = (frame: Frame): void => {
    if (frame.voiced) {
      frames.push(...before, frame);
      before = [];
      after = AFTER_FRAMES;
    } else if (after > 0) {
      frames.push(frame);
      after--;
    } else before = [...before, frame].slice(-BEFORE_FRAMES);
  };

  return {
    /** In order, as they are settled. */
    keep(settled: readonly Frame[]): void {
      if (seconds === 0) return;
      settledSome ||= settled.length > 0;
      for (const frame of settled) keepOne(frame);
      frames = newest(frames, seconds);
    },
    /** A stream that was open is lost. One that never got through what it heard again leaves the next one less of it: words come. */
    lost(): void {
      if (frames.length > 0) fruitless = Math.min(MOST_HALVINGS, Math.max(0, fruitless + (settledSome ? -1 : 1)));
      settledSome = false;
    },
    frames: (): Frame[] => newest(frames, seconds * 0.5 ** fruitless),
    /** The next stream begins as the first did. */
    clear(): void {
      frames = [];
      before = [];
      after = 0;
      fruitless = 0;
      settledSome = false;
    },
  };
}

function newest(frames: readonly Frame[], seconds: number): Frame[] {
  let left = seconds * MIX_RATE;
  return frames.slice(frames.findLastIndex(({ pcm }) => (left -= pcm.length) < 0) + 1);
}
