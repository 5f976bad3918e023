/** Ogg, RTP and our positions all count Opus at 48 kHz, whatever the encoder was given. */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];
/** By configuration number: SILK in three bandwidths, hybrid in two, CELT in four (RFC 6716, table 2). */
const FRAME_SAMPLES = [SILK, SILK, SILK, HYBRID, HYBRID, CELT, CELT, CELT, CELT].flat();

const MAX_PACKET_SAMPLES = 5_760;
const MAX_FRAME_BYTES = 1_275;

/** Duration of one Opus packet (RFC 6716, 3), or 0 when its framing is not one a decoder would take. */
export function opusSamples(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const frames = frameCount(packet);
  const samples = frames * (FRAME_SAMPLES[toc >> 3] ?? 0);
  return samples <= MAX_PACKET_SAMPLES ? samples : 0;
}

/** How many frames a packet holds, or 0 when their lengths do not add up. */
function frameCount(packet: Uint8Array): number {
  const body = packet.length - 1;
  const code = (packet[0] ?? 0) & 3;
  if (code === 0) return body <= MAX_FRAME_BYTES ? 1 : 0;
  if (code === 1) return body % 2 === 0 && body / 2 <= MAX_FRAME_BYTES ? 2 : 0;
  if (code === 2) {
    const first = frameLength(packet, 1);
    return first && first.at + first.bytes <= packet.length ? 2 : 0;
  }
  const second = packet[1];
  if (second === undefined) return 0;
  const frames = second & 63;
  let at = 2;
  let end = packet.length;
  if (second & 64) {
    let more = 255;
    while (more === 255) {
      more = packet[at++] ?? 0;
      end -= more === 255 ? 254 : more;
    }
  }
  if (second & 128) {
    let lengths = 0;
    for (let frame = 1; frame < frames; frame++) {
      const length = frameLength(packet, at);
      if (!length) return 0;
      at = length.at;
      lengths += length.bytes;
    }
    return at + lengths <= end ? frames : 0;
  }
  const each = (end - at) / Math.max(1, frames);
  return Number.isInteger(each) && each >= 0 && each <= MAX_FRAME_BYTES ? frames : 0;
}

/** A frame's length in one or two bytes at `at` (RFC 6716, 3.2.1), and where they end. */
function frameLength(packet: Uint8Array, at: number): { readonly bytes: number; readonly at: number } | undefined {
  const first = packet[at];
  if (first === undefined) return undefined;
  if (first < 252) return { bytes: first, at: at + 1 };
  const second = packet[at + 1];
  return second === undefined ? undefined : { bytes: second * 4 + first, at: at + 2 };
}

export const isStereoOpus = (packet: Uint8Array): boolean => ((packet[0] ?? 0) & 4) !== 0;
