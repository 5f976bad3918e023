import { positionAt, type RecordingClock, SAMPLE_RATE } from "@verbatim/shared/clock";
import { firstOffset, lookAhead, nextOffset, type Offset } from "../timeline/offset.ts";
import type { PictureFrame } from "./frames.ts";

export type PlacedFrame<Frame extends PictureFrame = PictureFrame> = Frame & {
  /** Where it is shown, on the recording's clock. */
  readonly startSamples: number;
};

/** RTP ticks of pictures per second, in every codec. */
const PICTURE_RATE = 90_000;

/**
 * Places one stream's frames by the rule that places sound: the smallest (arrival − RTP time) of 2 s, a slow drift
 * followed, a stall believed only when it lasts. So sound and picture that left a browser together lie together.
 * `fixed`: where the first one lies, when that was settled before. `untilUs`: everything until then has arrived.
 */
export function placeFrames<Frame extends PictureFrame>(
  clock: RecordingClock,
  frames: readonly Frame[],
  fixed: number | undefined,
  untilUs: number,
): PlacedFrame<Frame>[] {
  const observed = frames.map(({ ticks, arrivalUs }) => {
    const at48k = (ticks * SAMPLE_RATE) / PICTURE_RATE;
    const arrival = positionAt(clock, arrivalUs);
    return { ticks: at48k, at: { arrival, delay: arrival - at48k } };
  });
  const delays = observed.map(({ at }) => at).toSorted((a, b) => a.arrival - b.arrival);
  const around = lookAhead(delays, observed, Math.min(positionAt(clock, untilUs), Number.MAX_SAFE_INTEGER));
  let offset: Offset | undefined;
  let last = Number.NEGATIVE_INFINITY;
  return frames.map((frame, index) => {
    const here = observed[index];
    if (!here) throw new RangeError(`No frame ${index} of ${frames.length}`);
    const passed = here.ticks - (observed[index - 1]?.ticks ?? here.ticks);
    if (offset) offset = nextOffset(offset, around(index), passed, 0).offset;
    else if (fixed === undefined) offset = firstOffset(around(index));
    else offset = firstOffset({ ...around(index), minimum: fixed - here.ticks });
    // A stream that was switched to another layer may repeat a time; two frames are never shown at once.
    const startSamples = Math.max(last + 1, Math.round(here.ticks + offset.offset));
    last = startSamples;
    return { ...frame, startSamples };
  });
}
