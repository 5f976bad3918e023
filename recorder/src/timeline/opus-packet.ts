/** Ogg, RTP and our positions all count Opus at 48 kHz, whatever the encoder was given. */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];
/** By configuration number: SILK in three bandwidths, hybrid in two, CELT in four (RFC 6716, table 2). */
const FRAME_SAMPLES = [SILK, SILK, SILK, HYBRID, HYBRID, CELT, CELT, CELT, CELT].flat();

const MAX_PACKET_SAMPLES = 5_760;

/** Duration of one Opus packet from its first bytes (RFC 6716, 3.1), or 0 when it cannot be one. */
export function opusSamples(packet: Uint8Array): number {
  const [toc, second] = packet;
  if (toc === undefined) return 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : second === undefined ? 0 : second & 63;
  const samples = frames * (FRAME_SAMPLES[toc >> 3] ?? 0);
  return samples <= MAX_PACKET_SAMPLES ? samples : 0;
}

export const isStereoOpus = (packet: Uint8Array): boolean => ((packet[0] ?? 0) & 4) !== 0;
