import { MIX_RATE, SAMPLE_RATE } from "@verbatim/shared/clock";
import { ECHO_RATE } from "@verbatim/shared/sound/echo";

const STEP = MIX_RATE / ECHO_RATE;
const SECONDS = 360;
const LENGTH = SECONDS * ECHO_RATE;

export type SoundMemory = {
  /** 16 kHz sound at its place. Places grow. */
  add(startSamples: number, sound: Int16Array): void;
  /** What was heard in [from, to), at 4 kHz; silence where nothing is held. */
  read(fromSamples: number, toSamples: number): Float32Array;
};

/** The last minutes of one track, coarse, by position: what an echo is looked for in. */
export function createSoundMemory(): SoundMemory {
  // 1.4 million 16-bit samples; made when the track first sounds.
  let ring: Int16Array | undefined;
  let end = 0;
  const indexOf = (samples: number): number => Math.round((samples * ECHO_RATE) / SAMPLE_RATE);

  return {
    add(startSamples, sound) {
      ring ??= new Int16Array(LENGTH);
      const start = Math.max(0, indexOf(startSamples));
      if (start > end) for (let at = Math.max(end, start - LENGTH); at < start; at++) ring[at % LENGTH] = 0;
      const count = Math.floor(sound.length / STEP);
      for (let i = 0; i < count; i++) {
        // The mean of four is filter enough: what folds back lies 20 dB and more under a voice.
        let sum = 0;
        for (let j = 0; j < STEP; j++) sum += sound[i * STEP + j] ?? 0;
        ring[(start + i) % LENGTH] = sum / STEP;
      }
      end = Math.max(end, start + count);
    },
    read(fromSamples, toSamples) {
      const [from, to] = [indexOf(fromSamples), indexOf(toSamples)];
      const out = new Float32Array(Math.max(0, to - from));
      if (!ring) return out;
      for (let at = Math.max(from, end - LENGTH, 0); at < Math.min(to, end); at++) {
        out[at - from] = (ring[at % LENGTH] ?? 0) / 32_768;
      }
      return out;
    },
  };
}
