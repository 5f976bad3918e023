import { describe, expect, it } from "vitest";
import type { PlacedPacket } from "../timeline/track-timeline.ts";
import { beeps, ffmpeg, onsets, opusPackets, play } from "../../test/opus-source.ts";
import { chunkFrames, PRE_SKIP } from "./frames.ts";
import { writeOggOpus } from "./ogg-opus.ts";

const MS = 48;
/** An encoder's sound comes 6.5 ms after its packet's beginning. */
const ENCODER_DELAY_MS = 6.5;

const payloads = opusPackets(beeps(), 40);
const placed = (from = 0, phase = 0, stretch = 0): PlacedPacket[] =>
  payloads.slice(from).map((payload, n) => ({
    index: n + from,
    arrivalUs: 0,
    startSamples: phase + Math.round((n + from) * (960 + stretch)),
    samples: 960,
    payload,
  }));

const chunk = (startMs: number, endMs: number, packets: readonly PlacedPacket[]): Uint8Array => {
  const [start, end] = [startMs * MS, endMs * MS];
  const from = packets.filter((packet) => packet.startSamples >= start - PRE_SKIP - 960);
  return writeOggOpus(chunkFrames(start, end, from), end - start, 7);
};

const expectedBeeps = (startMs: number, endMs: number, phaseMs = 0) =>
  Array.from({ length: 41 }, (_, s) => s * 1000 + phaseMs + ENCODER_DELAY_MS)
    .filter((at) => at >= startMs && at < endMs - 20)
    .map((at) => at - startMs);

function expectBeeps(pcm: Int16Array, expected: readonly number[], toleranceMs: number): void {
  const found = onsets(pcm, 48_000);
  expect(found.length).toBe(expected.length);
  for (const [index, at] of expected.entries()) expect(Math.abs(found[index]! - at)).toBeLessThan(toleranceMs);
}

describe("an Ogg Opus chunk", () => {
  it.each([
    [0, 2_000],
    [2_000, 5_000],
    [10_000, 30_000],
    [29_991, 31_234],
    [500, 530],
  ])("plays exactly [%i, %i) ms, every sound at its place", (startMs, endMs) => {
    const pcm = play(chunk(startMs, endMs, placed(0, 333)));
    expect(pcm.length).toBe((endMs - startMs) * MS);
    expectBeeps(pcm, expectedBeeps(startMs, endMs, 333 / MS), 3);
  });

  it("is sound from its first sample on, because what came before the cut settles the decoder", () => {
    const tone = opusPackets("sine=frequency=440:sample_rate=48000", 4);
    const packets = tone.map((payload, n) => ({ ...placed()[n]!, payload }));
    const pcm = play(chunk(2_000, 3_000, packets));
    const level = (from: number, to: number) =>
      Math.sqrt(pcm.slice(from, to).reduce((sum, x) => sum + x * x, 0) / (to - from));
    expect(level(0, 480) / level(20_000, 20_480)).toBeGreaterThan(0.9);
  });

  it("keeps its length and places where packets are missing, at the edges too", () => {
    const packets = placed().filter(({ index }) => {
      const ms = index * 20;
      return !(ms < 2_100 || (ms >= 4_300 && ms < 9_300) || ms === 9_500 || ms >= 27_000);
    });
    const pcm = play(chunk(2_000, 30_000, packets));
    expect(pcm.length).toBe(28_000 * MS);
    const held = expectedBeeps(2_000, 27_000).filter((at) => at > 100 && (at < 2_300 || at > 7_300));
    expectBeeps(pcm, held, 5);
  });

  it("keeps its length for a sender whose clock is 300 ppm off, and for one far worse", () => {
    for (const stretch of [-0.288, 0.288, -1.9, 1.9]) {
      const pcm = play(chunk(5_000, 30_000, placed(0, 0, stretch)));
      expect(pcm.length).toBe(25_000 * MS);
      const ratio = (960 + stretch) / 960;
      const expected = Array.from({ length: 41 }, (_, s) => (s * 1000 + ENCODER_DELAY_MS) * ratio - 5_000);
      const found = onsets(pcm, 48_000);
      const off = found.map((at) => Math.min(...expected.map((one) => Math.abs(one - at))));
      expect(Math.max(...off)).toBeLessThan(23);
    }
  });

  it("is well formed to ffprobe, and the same bytes each time", () => {
    const file = chunk(2_000, 5_000, placed());
    expect(Buffer.from(chunk(2_000, 5_000, placed())).equals(file)).toBe(true);
    ffmpeg(file, "-xerror", "-err_detect", "explode", "-f", "ogg", "-i", "pipe:0", "-c", "copy", "-f", "null", "-");
  });

  it("holds packets longer than a lace and pages with many of them", () => {
    const long = placed().map((packet) => {
      // Code 3 with padding: the same frame in 600 bytes.
      const frame = packet.payload.subarray(1);
      const payload = Buffer.alloc(600);
      payload[0] = packet.payload[0]! | 3;
      payload[1] = 0x41;
      const padding = 600 - frame.length - 2;
      let at = 2;
      let left = padding;
      while (left > 255) {
        payload[at++] = 255;
        left -= 255;
      }
      payload[at++] = left - 1;
      payload.set(frame, at);
      return { ...packet, payload };
    });
    const pcm = play(chunk(2_000, 5_000, long));
    expect(pcm.length).toBe(3_000 * MS);
    expectBeeps(pcm, expectedBeeps(2_000, 5_000), 3);
  });
});
