/** Frames quieter than this (of full scale) hold no voice, whatever else is heard. About -57 dB. */
const LEAST_RMS = 0.0014;
/** A voice stands this far above the quietest of the last seconds. About 6 dB. */
const ABOVE_FLOOR = 2;
/** The floor rises by 6 dB in about 3 s of louder sound at 50 frames a second, and falls at once. */
const RISE = 2 ** (1 / 150);
/** A steady tone or a speaker who never pauses must not become the floor. About -34 dB. */
const HIGHEST_FLOOR = 0.02;

export type VoiceGate = {
  /** True when this frame (about 20 ms) may hold a voice. Frames in order. */
  hears(frame: Int16Array): boolean;
};

/** Tells voice from silence by loudness over a floor that it follows. Errs towards hearing a voice. */
export function createVoiceGate(): VoiceGate {
  let floor = LEAST_RMS / ABOVE_FLOOR;
  return {
    hears(frame) {
      const level = rms(frame);
      floor = Math.min(level, floor * RISE, HIGHEST_FLOOR);
      floor = Math.max(floor, LEAST_RMS / ABOVE_FLOOR);
      return level >= LEAST_RMS && level >= floor * ABOVE_FLOOR;
    },
  };
}

/** Root of the mean square, of full scale. */
export function rms(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length) / 32_768;
}
