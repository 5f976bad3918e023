import { expect, it } from "vitest";
import { piecesOf, VOICE_RATE } from "./microphone.ts";

/** Sound from one second to another, in a voice of so many seconds. */
function voice(seconds: number, ...sounds: readonly [number, number][]): Buffer {
  const pcm = Buffer.alloc(seconds * VOICE_RATE * 2);
  for (const [from, to] of sounds) {
    for (let n = from * VOICE_RATE; n < to * VOICE_RATE; n++) pcm.writeInt16LE(5_000, Math.round(n) * 2);
  }
  return pcm;
}

const seconds = (pcm: Buffer): number[][] => piecesOf(pcm).map(({ from, to }) => [from / VOICE_RATE, to / VOICE_RATE]);

it("every utterance begins a piece, with its soft edge, and nothing between is left out", () => {
  expect(seconds(voice(6, [0.5, 1], [1.1, 2], [3, 4]))).toEqual([
    [0.375, 2.875],
    [2.875, 6],
  ]);
});

it("what is too soft for a voice is heard, too", () => {
  const pcm = voice(3, [1, 2]);
  pcm.writeInt16LE(7, 0.1 * VOICE_RATE * 2);
  expect(seconds(pcm)).toEqual([
    [0, 0.875],
    [0.875, 3],
  ]);
});

it("a voice without a pause is cut without a hole", () => {
  expect(seconds(voice(45, [0, 45]))).toEqual([
    [0, 20],
    [20, 40],
    [40, 45],
  ]);
});

it("a long silence is not sent anywhere", () => {
  expect(seconds(voice(90, [0, 1], [80, 81]))).toEqual([
    [0, 20],
    [79.875, 90],
  ]);
});

it("nothing said is nothing to play", () => {
  expect(piecesOf(voice(2))).toEqual([]);
});
