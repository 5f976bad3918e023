import { ECHO_LAG_S, ECHO_RATE, likeness } from "@verbatim/shared/sound/echo";
import { describe, expect, it } from "vitest";
import { createHowlRule, createLeakRule } from "./leak.ts";

/** Numbers in [-1, 1) that look random and are the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  };
}

/** Like a voice, at 4 kHz: syllables of a fifth of a second with a pitch that moves, overtones, breath and pauses. */
function voice(pitchHz: number, seconds: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  const out = new Float32Array(seconds * ECHO_RATE);
  let phase = 0;
  for (let at = 0; at < out.length; ) {
    const length = Math.round((0.12 + 0.1 * Math.abs(random())) * ECHO_RATE);
    const silent = random() > 0.7;
    const [from, to] = [pitchHz * (1 + 0.2 * random()), pitchHz * (1 + 0.2 * random())];
    const overtones = [1, 2, 3, 4, 5, 6].map(() => Math.abs(random()));
    for (let i = 0; i < length && at < out.length; i++, at++) {
      phase += (2 * Math.PI * (from + ((to - from) * i) / length)) / ECHO_RATE;
      const shape = silent ? 0 : Math.sin((Math.PI * i) / length);
      out[at] =
        shape * (0.05 * random() + overtones.reduce((sum, one, n) => sum + 0.08 * one * Math.sin(phase * (n + 1)), 0));
    }
  }
  return out;
}

const decibels = (db: number): number => 10 ** (db / 20);

/** A loudspeaker across a small room: late, quieter, and blurred by its walls. */
function throughRoom(sound: Float32Array, delayMs: number, level: number): Float32Array {
  const at = (ms: number): number => Math.round((ms * ECHO_RATE) / 1000);
  const paths = [
    { ms: 0, level: 1 },
    { ms: 11, level: -0.4 },
    { ms: 23, level: 0.3 },
    { ms: 37, level: -0.2 },
  ];
  return Float32Array.from({ length: sound.length }, (_, i) =>
    paths.reduce((sum, one) => sum + (sound[i - at(delayMs + one.ms)] ?? 0) * one.level * level, 0),
  );
}

const add = (...sounds: Float32Array[]): Float32Array =>
  Float32Array.from({ length: Math.min(...sounds.map(({ length }) => length)) }, (_, i) =>
    sounds.reduce((sum, one) => sum + (one[i] ?? 0), 0),
  );

const rms = (sound: Float32Array): number => Math.sqrt(sound.reduce((sum, one) => sum + one * one, 0) / sound.length);

/** What the rule said at each look, two a second, at the last 0.68 s. */
function looksAt(own: Float32Array, others: Float32Array): boolean[] {
  const rule = createLeakRule();
  const window = Math.round(0.68 * ECHO_RATE);
  const said: boolean[] = [];
  for (let at = window; at <= Math.min(own.length, others.length); at += ECHO_RATE / 2) {
    const theirs = others.subarray(at - window, at);
    const recent = own.subarray(at - window + Math.round(ECHO_LAG_S * ECHO_RATE), at);
    said.push(rule({ ownRms: rms(recent), othersRms: rms(theirs), alike: () => likeness(recent, theirs) }));
  }
  return said;
}

const others = voice(110, 15, 1);
const ownVoice = voice(200, 15, 2);

describe("a loudspeaker in one's own microphone", () => {
  it.each([
    [-6, 40],
    [-20, 120],
    [-30, 280],
  ])("is told at %d dB and %d ms, within five seconds of the others' talk", (db, delayMs) => {
    const said = looksAt(throughRoom(others, delayMs, decibels(db)), others);
    expect(said.indexOf(true)).toBeGreaterThanOrEqual(0);
    expect(said.indexOf(true)).toBeLessThan(20);
  });

  it("is not told where the microphone has silence, room noise, or its own speaker talking at the same time", () => {
    const random = randomFrom(7);
    const noise = others.map(() => random() * 0.01);
    expect(looksAt(new Float32Array(others.length), others)).not.toContain(true);
    expect(looksAt(noise, others)).not.toContain(true);
    expect(looksAt(ownVoice, others)).not.toContain(true);
    expect(looksAt(add(ownVoice, noise), others)).not.toContain(true);
  });

  it("is learnt only while others talk, and forgotten once they were heard without it", () => {
    const rule = createLeakRule();
    const leak = { ownRms: 0.02, othersRms: 0.1, alike: () => 0.8 };
    const clean = { ...leak, ownRms: 0 };
    const quiet = { ...leak, othersRms: 0.001 };
    const run = (count: number, look: typeof leak): boolean =>
      Array.from({ length: count }, () => rule(look)).at(-1) === true;
    expect(run(7, leak)).toBe(false);
    expect(run(100, quiet)).toBe(false);
    expect(run(1, leak)).toBe(true);
    expect(run(100, quiet)).toBe(true);
    expect(run(16, clean)).toBe(false);
  });
});

describe("a howl", () => {
  const BIN_HZ = 48_000 / 32_768;
  /** A spectrum with one tone over a floor, in decibels. */
  const spectrum = (hz: number, db: number, floor = -100): Float32Array => {
    const bins = new Float32Array(16_384).fill(floor);
    for (let wide = -2; wide <= 2; wide++) bins[Math.round(hz / BIN_HZ) + wide] = db - Math.abs(wide) * 6;
    return bins;
  };
  const run = (looks: readonly Float32Array[]): boolean[] => looks.map(createHowlRule(BIN_HZ));

  it("is one loud tone that stands still for two seconds", () => {
    expect(run([1, 2, 3, 4].map(() => spectrum(820, -12)))).toEqual([false, false, false, true]);
    expect(run([820, 823, 818, 821].map((hz) => spectrum(hz, -12))).at(-1)).toBe(true);
  });

  it("is no hum of the mains, no whistle that moves, no quiet tone, and no tone among others as loud", () => {
    expect(run([1, 2, 3, 4, 5].map(() => spectrum(50, -12)))).not.toContain(true);
    expect(run([600, 700, 800, 900, 1_000].map((hz) => spectrum(hz, -12)))).not.toContain(true);
    expect(run([1, 2, 3, 4, 5].map(() => spectrum(820, -55)))).not.toContain(true);
    expect(run([1, 2, 3, 4, 5].map(() => spectrum(820, -12, -50)))).not.toContain(true);
  });
});
