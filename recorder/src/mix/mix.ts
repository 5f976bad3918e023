import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import { PRE_SKIP } from "../chunk/frames.ts";
import type { PlacedPacket } from "../timeline/track-timeline.ts";
import type { Libopus } from "../opus/libopus.ts";
import { resampleTo } from "./resample.ts";
import { toInt16 } from "./to-int16.ts";

const RATIO = SAMPLE_RATE / MIX_RATE;
const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);
const CONCEAL = new Uint8Array(0);
/** A loss up to this long is concealed by the decoder; a longer one is silence. */
const MAX_CONCEALED = 2_880;
/** Nearer than this, packets follow one another, and a following clock moves them. */
const CONTIGUOUS = 48;

type Step = { readonly payload: Uint8Array; readonly at: number; readonly length: number; readonly natural: number };

const mixAt = (position: number): number => Math.round(position / RATIO);

/** What to decode and where it goes, on the 16 kHz timeline; `length` may differ from what comes out by a sample or two. */
function plan(startSamples: number, packets: readonly PlacedPacket[]): Step[] {
  const steps: Step[] = [];
  const usable = packets.filter((packet) => packet.startSamples >= startSamples - PRE_SKIP);
  for (const [index, packet] of usable.entries()) {
    const natural = packet.samples / RATIO;
    const at = mixAt(packet.startSamples);
    const end = packet.startSamples + packet.samples;
    const next = usable[index + 1];
    const contiguous = next !== undefined && Math.abs(next.startSamples - end) <= CONTIGUOUS;
    steps.push({ payload: packet.payload, at, natural, length: contiguous ? mixAt(next.startSamples) - at : natural });
    if (next === undefined || contiguous) continue;
    const hole = next.startSamples - end;
    const conceal = hole <= MAX_CONCEALED;
    const length = mixAt(conceal ? next.startSamples : end + 960) - mixAt(end);
    steps.push({ payload: conceal ? CONCEAL : SILENCE, at: mixAt(end), natural: length, length });
  }
  return steps;
}

/** Number of samples at 16 kHz between two positions. */
const mixLength = (startSamples: number, endSamples: number): number => mixAt(endSamples) - mixAt(startSamples);

/** Decodes each track's packets and adds them up over [start, end): 16 kHz, 16 bit, saturating. */
export function mixTracks(
  startSamples: number,
  endSamples: number,
  tracks: readonly (readonly PlacedPacket[])[],
  opus: Libopus,
): Int16Array {
  const sum = new Float32Array(mixLength(startSamples, endSamples));
  const origin = mixAt(startSamples);
  for (const packets of tracks) {
    using stream = opus.open();
    for (const { payload, at, natural, length } of plan(startSamples, packets)) {
      const samples = stream.decode(payload);
      // A packet that cannot be decoded is silence.
      if (samples.length === 0) continue;
      const own = samples.length > natural ? samples.subarray(0, natural) : samples;
      addTo(sum, at - origin, resampleTo(own, length));
    }
  }
  const mix = new Int16Array(sum.length);
  for (let i = 0; i < mix.length; i++) mix[i] = toInt16(sum[i] ?? 0);
  return mix;
}

function addTo(sum: Float32Array, at: number, samples: Float32Array): void {
  const from = Math.max(0, -at);
  const to = Math.min(samples.length, sum.length - at);
  for (let i = from; i < to; i++) sum[at + i] = (sum[at + i] ?? 0) + (samples[i] ?? 0);
}
