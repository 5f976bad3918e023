import { describe, expect, it } from "vitest";
import type { PlacedPacket } from "../timeline/track-timeline.ts";
import { writeWav } from "../chunk/wav.ts";
import { beeps, onsets, opusPackets, play } from "../../test/opus-source.ts";
import { openLibopus } from "../opus/libopus.ts";
import { mixTracks } from "./mix.ts";
import { resampleTo } from "./resample.ts";

const MS = 48;
const ENCODER_DELAY_MS = 6.5;
const opus = await openLibopus();
const payloads = opusPackets(beeps(), 32);

const placed = (phase = 0, stretch = 0, from = payloads): PlacedPacket[] =>
  from.map((payload, n) => ({
    index: n,
    arrivalUs: 0,
    startSamples: phase + Math.round(n * (960 + stretch)),
    samples: 960,
    payload,
  }));

const expectNear = (found: readonly number[], expected: readonly number[], toleranceMs: number): void => {
  expect(found).toHaveLength(expected.length);
  for (const [index, at] of expected.entries()) expect(Math.abs(found[index]! - at)).toBeLessThan(toleranceMs);
};

describe("the mix", () => {
  it("has exactly its length, each speaker at their place", () => {
    const mix = mixTracks(10_000 * MS, 30_000 * MS, [placed(), placed(500 * MS)], opus);
    expect(mix.length).toBe(20 * 16_000);
    const expected = Array.from({ length: 40 }, (_, half) => half * 500 + ENCODER_DELAY_MS);
    expectNear(onsets(mix, 16_000), expected, 3);
  });

  it("goes on across chunks as if they were one", () => {
    const tone = placed(0, 0, opusPackets("sine=frequency=440:sample_rate=48000", 6));
    const whole = mixTracks(0, 5_000 * MS, [tone], opus);
    const cut = [...mixTracks(0, 2_000 * MS, [tone], opus), ...mixTracks(2_000 * MS, 5_000 * MS, [tone], opus)];
    expect(cut.length).toBe(whole.length);
    const worst = Math.max(...cut.map((sample, index) => Math.abs(sample - whole[index]!)));
    expect(worst).toBeLessThan(600); // Of 4,000.
  });

  it("saturates instead of wrapping", () => {
    const loud = placed(0, 0, opusPackets("aevalsrc='0.9*sin(2*PI*300*t)':s=48000", 3));
    const mix = mixTracks(500 * MS, 2_000 * MS, [loud, loud, loud], opus);
    expect(Math.max(...mix)).toBe(32_767);
    const jumps = mix.slice(1).map((sample, index) => Math.abs(sample - mix[index]!));
    expect(Math.max(...jumps)).toBeLessThan(20_000);
  });

  it("follows a clock that is off without losing a sample", () => {
    for (const stretch of [-0.288, 0.288]) {
      const mix = mixTracks(0, 30_000 * MS, [placed(0, stretch)], opus);
      const ratio = (960 + stretch) / 960;
      const expected = Array.from({ length: 30 }, (_, s) => (s * 1000 + ENCODER_DELAY_MS) * ratio);
      expectNear(onsets(mix, 16_000).slice(0, 30), expected, 3);
    }
  });

  it("conceals a lost packet and is silent in a long hole", () => {
    const tone = placed(0, 0, opusPackets("sine=frequency=440:sample_rate=48000", 6));
    const lossy = tone.filter(({ index }) => index !== 100 && !(index >= 150 && index < 200));
    const mix = mixTracks(0, 5_000 * MS, [lossy], opus);
    const level = (fromMs: number, toMs: number) => Math.max(...mix.slice(fromMs * 16, toMs * 16).map(Math.abs));
    expect(level(2_002, 2_018)).toBeGreaterThan(2_000);
    expect(level(3_100, 3_980)).toBeLessThan(40);
    expect(level(4_020, 4_100)).toBeGreaterThan(3_000);
  });

  it("survives packets that no decoder takes", () => {
    const bad = placed().map((packet, n) => (n === 3 ? { ...packet, payload: Buffer.from([0x7b, 0xff, 3]) } : packet));
    expect(mixTracks(0, 2_000 * MS, [bad], opus).length).toBe(32_000);
  });

  it("is a WAV file of exactly its length", () => {
    const mix = mixTracks(0, 2_000 * MS, [placed()], opus);
    expect(play(writeWav(mix, 16_000), 16_000)).toEqual(mix);
  });
});

it("resampling keeps a tone a tone", () => {
  const tone = Float32Array.from({ length: 320 }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / 16_000));
  const longer = resampleTo(tone, 321);
  const expected = Float32Array.from({ length: 321 }, (_, n) =>
    Math.sin((2 * Math.PI * 1000 * (((n + 0.5) * 320) / 321 - 0.5)) / 16_000),
  );
  const worst = Math.max(...longer.slice(2, -2).map((sample, index) => Math.abs(sample - expected[index + 2]!)));
  expect(worst).toBeLessThan(0.02);
});
