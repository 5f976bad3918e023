/** One look at a person's own microphone beside what their loudspeaker plays. Levels: root mean squares of full scale. */
export type LeakLook = {
  readonly ownRms: number;
  readonly othersRms: number;
  /** How alike the two are: see `likeness`. Asked only where both are heard. */
  readonly alike: () => number;
};

/** Others are heard talking from −46 dB on; quieter nobody's loudspeaker carries them back. */
const OTHERS_TALK = 0.005;
/** −60 dB: below it there is nothing in the microphone that a listener would hear. */
const OWN_HEARD = 0.001;
/** Two people talking at once stay under 0.35; an echo that a room has blurred is still over 0.45. */
const ALIKE = 0.45;
/** Looks while others talk, two a second: sustained is four seconds of echo in eight. */
const REMEMBERED = 16;
const SUSTAINED = 8;

/** Counts looks, and answers whether this person's microphone hears their loudspeaker again and again. */
export function createLeakRule(): (look: LeakLook) => boolean {
  let looks: readonly boolean[] = [];
  let leaks = false;
  return ({ ownRms, othersRms, alike }) => {
    // While nobody else talks there is nothing to be heard of them, and nothing to be learnt.
    if (othersRms < OTHERS_TALK) return leaks;
    looks = [...looks, ownRms >= OWN_HEARD && alike() >= ALIKE].slice(-REMEMBERED);
    const count = looks.filter(Boolean).length;
    if (count >= SUSTAINED) leaks = true;
    if (looks.length === REMEMBERED && count <= 1) leaks = false;
    return leaks;
  };
}

/** A howl is one tone, −40 dB or louder, ... */
const HOWL_DB = -40;
/** ... this far above the middle of the spectrum; a sung vowel stays under 45 dB because its overtones sound too. */
const HOWL_ABOVE_DB = 55;
/** ... that stands still for two seconds; a voice moves by more than this within half of one. */
const HOWL_WANDER_HZ = 12;
const HOWL_LOOKS = 4;
const HOWL_FROM_HZ = 150;

/** Counts looks at a microphone's spectrum (decibels of full scale, bins of `hzPerBin`), two a second: does it howl? */
export function createHowlRule(hzPerBin: number): (spectrum: Float32Array) => boolean {
  let toneHz = 0;
  let held = 0;
  return (spectrum) => {
    const from = Math.ceil(HOWL_FROM_HZ / hzPerBin);
    let peak = from;
    for (let bin = from; bin < spectrum.length; bin++) if ((spectrum[bin] ?? 0) > (spectrum[peak] ?? 0)) peak = bin;
    const peakDb = spectrum[peak] ?? Number.NEGATIVE_INFINITY;
    // The lower half holds voice and room; above it many devices send nothing at all.
    const heard = Array.from(spectrum.subarray(from, spectrum.length / 4)).sort((a, b) => a - b);
    const middleDb = Math.max(heard[heard.length >> 1] ?? 0, -140);
    const tone = peakDb >= HOWL_DB && peakDb - middleDb >= HOWL_ABOVE_DB;
    const hz = peak * hzPerBin;
    held = tone ? (Math.abs(hz - toneHz) <= HOWL_WANDER_HZ ? held + 1 : 1) : 0;
    toneHz = hz;
    return held >= HOWL_LOOKS;
  };
}
