import type { PlacedPacket } from "../timeline/track-timeline.ts";

/** What goes into an Ogg Opus chunk, one after the other. */
export type Frame = { readonly payload: Uint8Array; readonly samples: number };

/** RFC 7845: a decoder needs 80 ms to settle. They are filled with what came before the cut, and skipped when played. */
export const PRE_SKIP = 3_840;

/** An empty CELT frame of each length: silence, for where no packet is held. Decoders squeeze gaps in timestamps. */
const SILENCE: readonly Frame[] = [
  { payload: Uint8Array.of(0xf8, 0xff, 0xfe), samples: 960 },
  { payload: Uint8Array.of(0xf0, 0xff, 0xfe), samples: 480 },
  { payload: Uint8Array.of(0xe8, 0xff, 0xfe), samples: 240 },
  { payload: Uint8Array.of(0xe0, 0xff, 0xfe), samples: 120 },
];
const SHORTEST = 120;
/** How far frames that follow one another may run from their places before one is left out or silence put in. */
const MAX_RUN_OFF = 960;

/** Silence as close to `samples` as frames allow (± 1.25 ms); none when that is nothing. */
function* silence(samples: number): Generator<Frame> {
  let left = Math.round(samples / SHORTEST) * SHORTEST;
  for (const frame of SILENCE) {
    for (; left >= frame.samples; left -= frame.samples) yield frame;
  }
}

/**
 * The frames that decode to [start − 80 ms, end), or somewhat more: the last granule position cuts the rest off.
 * `packets` in order of their places, from 80 ms before the start on.
 */
export function chunkFrames(startSamples: number, endSamples: number, packets: readonly PlacedPacket[]): Frame[] {
  const frames: Frame[] = [];
  let at = startSamples - PRE_SKIP;
  const add = (frame: Frame): void => {
    frames.push(frame);
    at += frame.samples;
  };
  let end = at;
  for (const packet of packets) {
    if (packet.startSamples < startSamples - PRE_SKIP - SHORTEST / 2) continue;
    if (packet.startSamples >= endSamples || at >= endSamples) break;
    const behind = packet.startSamples - at;
    if (behind <= -MAX_RUN_OFF) continue;
    // Within speech a few samples off do not matter, a hole of silence would; where a hole is, it takes up the difference.
    if (packet.startSamples > end + SHORTEST || behind >= MAX_RUN_OFF) for (const frame of silence(behind)) add(frame);
    add(packet);
    end = packet.startSamples + packet.samples;
  }
  for (const frame of silence(endSamples - at + SHORTEST / 2)) add(frame);
  return frames;
}
