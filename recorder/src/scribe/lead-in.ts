import { MIX_RATE } from "@verbatim/shared/clock";
import type { Frame } from "./sent-audio.ts";

/** Kept around a voice: as much as an engine needs to find where it begins, and that it has ended. */
const BEFORE_FRAMES = 15;
const AFTER_FRAMES = 25;

/** The last so many seconds of speech that an engine has settled, for a stream that takes a lost one's place. */
export function createLeadIn(seconds: number) {
  let frames: Frame[] = [];
  let before: Frame[] = [];
  let after = 0;

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
      for (const frame of settled) keepOne(frame);
      let left = seconds * MIX_RATE;
      frames = frames.slice(frames.findLastIndex(({ pcm }) => (left -= pcm.length) < 0) + 1);
    },
    frames: (): Frame[] => [...frames],
    /** The next stream begins as the first did. */
    clear(): void {
      frames = [];
      before = [];
      after = 0;
    },
  };
}
