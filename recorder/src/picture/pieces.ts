import { SAMPLE_RATE } from "@verbatim/shared/clock";
import type { ChunkGap } from "@verbatim/shared/recording/manifest";
import type { Decodable } from "./frames.ts";
import { sameFormat } from "./picture.ts";
import type { PlacedFrame } from "./place-frames.ts";

export type Shown = Decodable<PlacedFrame>["frames"][number];

/** Frames that make one chunk: the first is a key frame, and all have its size. */
export type PicturePiece = {
  readonly frames: readonly Shown[];
  /** Where the time of the last one ends. */
  readonly endSamples: number;
  /** What is missing in it. */
  readonly gaps: readonly ChunkGap[];
};

/** A picture that shows nothing for so long has stopped; shared screens that stand still repeat every second. */
export const STOPPED_SAMPLES = 5 * SAMPLE_RATE;
/** What a frame lasts that nothing follows. */
const FRAME_SAMPLES = SAMPLE_RATE / 25;
/** Shorter is a frame or two that nobody misses. */
const SHORTEST_GAP = 0.2 * SAMPLE_RATE;

/**
 * Cuts frames where another size begins and where the picture had stopped. `nextSamples`: where the frame lies that
 * follows the last one; `limitSamples`: nothing lasts longer.
 */
export function piecesOf(
  shown: readonly Shown[],
  gaps: readonly ChunkGap[],
  { nextSamples, limitSamples }: { readonly nextSamples: number | undefined; readonly limitSamples: number },
): PicturePiece[] {
  const groups: Shown[][] = [];
  for (const frame of shown) {
    const group = groups.at(-1);
    const format = group?.[0]?.format;
    const stopped = frame.startSamples - (group?.at(-1)?.startSamples ?? 0) > STOPPED_SAMPLES;
    const begins = frame.format && (!format || stopped || !sameFormat(frame.format, format));
    if (!group || begins) groups.push([frame]);
    else group.push(frame);
  }
  return groups.map((frames, index): PicturePiece => {
    const from = frames[0]?.startSamples ?? 0;
    const last = frames.at(-1)?.startSamples ?? from;
    const next = groups[index + 1]?.[0]?.startSamples ?? nextSamples ?? Number.POSITIVE_INFINITY;
    const lasts = next - last > STOPPED_SAMPLES ? last + FRAME_SAMPLES : next;
    const endSamples = Math.max(last + 1, Math.min(lasts, limitSamples));
    const inside = gaps
      .map((gap) => ({
        ...gap,
        startSamples: Math.max(from, gap.startSamples),
        endSamples: Math.min(endSamples, gap.endSamples),
      }))
      .filter((gap) => gap.endSamples > gap.startSamples);
    return { frames, endSamples, gaps: inside };
  });
}

/**
 * Where frames were sent and cannot be shown. `loss`: after a frame that was shown something is missing, up to the
 * next key frame. `keyframe`: nothing could be shown before the first one came.
 */
export function pictureGaps(sent: readonly PlacedFrame[], { frames, waiting }: Decodable<PlacedFrame>): ChunkGap[] {
  const gaps: ChunkGap[] = [];
  const add = (startSamples: number, endSamples: number, cause: ChunkGap["cause"]): void => {
    if (endSamples - startSamples >= SHORTEST_GAP) gaps.push({ startSamples, endSamples, cause });
  };
  for (const [index, frame] of frames.entries()) {
    const before = frames[index - 1];
    if (!frame.waited) continue;
    if (before) add(before.startSamples + FRAME_SAMPLES, frame.startSamples, "loss");
    else add(sent[0]?.startSamples ?? frame.startSamples, frame.startSamples, "keyframe");
  }
  const [first, last, shown] = [sent[0], sent.at(-1), frames.at(-1)];
  if (waiting && shown && last) add(shown.startSamples + FRAME_SAMPLES, last.startSamples, "loss");
  else if (waiting && first && last) add(first.startSamples, last.startSamples, "keyframe");
  return gaps;
}
