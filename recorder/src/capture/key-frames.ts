import { positionAt, type RecordingClock, SAMPLE_RATE } from "@verbatim/shared/clock";
import { nextCut } from "@verbatim/shared/recording/cuts";

/**
 * A picture's chunk begins at a key frame, so one is asked for shortly before each cut: it is there when the cut
 * comes, over a slow line too, and what was sent up to it belongs to the chunk before.
 */
const KEY_FRAME_LEAD_SAMPLES = 0.7 * SAMPLE_RATE;

/** Says when to ask: `due` is true once for each cut that draws near. Looking costs nothing. */
export function createKeyFrameTimes(clock: RecordingClock): { due(nowUs: number): boolean } {
  let next: number | undefined;
  return {
    due(nowUs) {
      const at = positionAt(clock, nowUs) + KEY_FRAME_LEAD_SAMPLES;
      next ??= nextCut(at);
      if (at < next) return false;
      // Behind by more than a cut (we slept): one asking does for all of them.
      next = nextCut(at);
      return true;
    },
  };
}
