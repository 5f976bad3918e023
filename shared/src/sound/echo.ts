/** Sound kept for comparing is at this rate: enough for the voice's strongest part, a sixteenth of the work. */
export const ECHO_RATE = 4_000;
/** A microphone hears its own loudspeaker this much later, or another microphone of the room this much sooner or later. */
export const ECHO_LAG_S = 0.3;
/** Through a call it comes back later still: the way there, its jitter buffer, a wireless loudspeaker, and the way back. */
export const ECHO_CALL_LAG_S = 0.6;
/** Alike enough to be one sound. Two people talking at once stay under 0.35 in our tests, an echo is over 0.6. */
const ALIKE = 0.5;
/** The louder one keeps its words; closer than 2 dB nobody can tell which is the echo. */
const QUIETER = 0.8;

/** An echo's lag moves as a jitter buffer stretches and shortens what it plays: longer sounds are compared in parts of about this. */
const PART = 0.5 * ECHO_RATE;

/**
 * Whether what track A has is track B's sound, heard again through a loudspeaker. `own` is A's stretch; `other` is
 * B's, longer on both sides by as much as an echo may lag. Both at 4 kHz. True when most of A's sound, by its energy,
 * lies in parts that are one sound with B's at the lag where they agree best, and A's is the quieter.
 */
export function isEcho(own: Float32Array, other: Float32Array): boolean {
  const lags = other.length - own.length;
  const parts = Math.max(1, Math.round(own.length / PART));
  let [all, echoed] = [0, 0];
  for (let part = 0; part < parts; part++) {
    const [from, to] = [part, part + 1].map((edge) => Math.round((edge * own.length) / parts)) as [number, number];
    const energy = sumOfSquares(own, from, to);
    // A louder sound than ours is the only one that can be the source: the rest need no comparing.
    const least = energy / (QUIETER * QUIETER);
    all += energy;
    if (likeness(own.subarray(from, to), other.subarray(from, to + lags), least) >= ALIKE) echoed += energy;
  }
  return echoed > all / 2;
}

/**
 * How alike two sounds are at the lag where they agree best: 0 not at all, 1 the same but for its loudness. `own` is
 * looked for in the longer `other`, in stretches of more than `leastEnergy`. Both at 4 kHz; `own` of 50 ms or more.
 */
export function likeness(own: Float32Array, other: Float32Array, leastEnergy = 0): number {
  let best = 0;
  const energy = sumOfSquares(own, 0, own.length);
  const lags = other.length - own.length;
  if (own.length < ECHO_RATE / 20 || energy === 0 || lags < 0) return best;
  let window = sumOfSquares(other, 0, own.length);
  for (let lag = 0; lag <= lags; lag++) {
    if (lag > 0) {
      const gone = other[lag - 1] ?? 0;
      const come = other[lag + own.length - 1] ?? 0;
      window = Math.max(0, window + come * come - gone * gone);
    }
    if (window <= leastEnergy) continue;
    let product = 0;
    for (let i = 0; i < own.length; i++) product += (own[i] ?? 0) * (other[lag + i] ?? 0);
    // Through a loudspeaker and back the sound may be upside down.
    best = Math.max(best, Math.abs(product) / Math.sqrt(energy * window));
  }
  return best;
}

function sumOfSquares(samples: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (samples[i] ?? 0) ** 2;
  return sum;
}
