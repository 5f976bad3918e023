/** Where one utterance of a voice stands in the recorded track. */
export type Placement = {
  /** Where it begins in the voice's own file, ms, and where it ends. */
  readonly saidMs: number;
  readonly saidToMs: number;
  /** Where it begins in the track, ms from the track's begin; null when nothing there sounds like it. */
  readonly heardMs: number | null;
};

/** 16-bit samples at this rate: enough for speech, and quick to compare. */
export const PLACING_RATE = 8_000;
const PER_MS = PLACING_RATE / 1_000;

/** How far from its place an utterance is looked for. */
const SEARCH_MS = 500;
/** Two utterances are apart by at least this much silence. */
const PAUSE_MS = 250;
/** Shorter ones are too little to be told from others. */
const SHORTEST_MS = 400;
/**
 * What is compared: its first sound. An utterance that a fault cut short later still has its begin, and a recorder that
 * follows a sender's clock may move a later part by some ms.
 */
const COMPARED_MS = 400;
/** Loudness that counts as voice, of 32768. */
const LOUD = 300;
/** Likeness (1 is the same sound) below which it is another sound. Measured: a coded copy 0.87 or more, another utterance 0.73 or less. */
const ALIKE = 0.75;

/** Finds each utterance of `voice` in `track`, near `expectedMs` (the track's position of the voice's begin) + its own place. */
export function placements(voice: Int16Array, track: Int16Array, expectedMs: number): Placement[] {
  return utterances(voice).map(({ startMs, endMs }) => {
    const length = Math.min(endMs - startMs, COMPARED_MS);
    const sound = voice.subarray(startMs * PER_MS, (startMs + length) * PER_MS);
    const aroundMs = expectedMs + startMs;
    const from = Math.round((aroundMs - SEARCH_MS) * PER_MS);
    const lag = bestLag(sound, track, from, 2 * SEARCH_MS * PER_MS);
    return { saidMs: startMs, saidToMs: endMs, heardMs: lag === null ? null : (from + lag) / PER_MS };
  });
}

export type Span = { readonly startMs: number; readonly endMs: number };

/** Stretches of sound between pauses, in whole ms; none so short that it could be taken for another. */
export const utterances = (pcm: Int16Array): Span[] =>
  sounds(pcm).filter(({ startMs, endMs }) => endMs - startMs >= SHORTEST_MS);

/** Every stretch of sound between pauses, in whole ms. */
export function sounds(pcm: Int16Array): Span[] {
  const found: { startMs: number; endMs: number }[] = [];
  for (let ms = 0; ms < Math.floor(pcm.length / PER_MS); ms++) {
    const loud = pcm.subarray(ms * PER_MS, (ms + 1) * PER_MS).some((sample) => Math.abs(sample) >= LOUD);
    if (!loud) continue;
    const last = found.at(-1);
    if (last && ms - last.endMs < PAUSE_MS) last.endMs = ms + 1;
    else found.push({ startMs: ms, endMs: ms + 1 });
  }
  return found;
}

/** The shift, in samples from `from`, at which `track` is most like `sound`; null when it never is. */
function bestLag(sound: Int16Array, track: Int16Array, from: number, range: number): number | null {
  const energy = sum(sound, (sample) => sample * sample);
  let best = 0;
  let at: number | null = null;
  for (let lag = 0; lag <= range; lag++) {
    const begin = from + lag;
    if (begin < 0 || begin + sound.length > track.length) continue;
    let product = 0;
    let other = 0;
    for (let n = 0; n < sound.length; n++) {
      const heard = track[begin + n] ?? 0;
      product += (sound[n] ?? 0) * heard;
      other += heard * heard;
    }
    const alike = product / Math.sqrt(energy * other || 1);
    if (alike > best) {
      best = alike;
      at = lag;
    }
  }
  return best >= ALIKE ? at : null;
}

const sum = (pcm: Int16Array, of: (sample: number) => number): number =>
  pcm.reduce((all, sample) => all + of(sample), 0);
