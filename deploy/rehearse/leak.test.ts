import { expect, it } from "vitest";
import { leakReport, withLeak } from "./leak.ts";
import { VOICE_RATE, type Voice } from "./microphone.ts";

/** A voice of one steady value from one second to another. */
function voice(value: number, fromSeconds: number, toSeconds: number): Voice {
  const pcm = Buffer.alloc(2 * VOICE_RATE * toSeconds);
  for (let n = fromSeconds * VOICE_RATE; n < toSeconds * VOICE_RATE; n++) pcm.writeInt16LE(value, 2 * n);
  return { pcm, seconds: toSeconds };
}
const at = ({ pcm }: Voice, seconds: number): number => pcm.readInt16LE(2 * Math.round(seconds * VOICE_RATE));

it("a microphone has its own voice as it was, and the other's 150 ms later and softer, to its end", () => {
  const heard = withLeak(voice(1_000, 0, 1), voice(5_000, 2, 3), -20);
  expect([0.5, 2.14, 2.16, 3.14].map((second) => at(heard, second))).toEqual([1_000, 0, 500, 500]);
  expect(heard.seconds).toBe(3.15);
});

it("where both are loud the sum stays within what a sample holds", () => {
  expect(at(withLeak(voice(30_000, 0, 1), voice(30_000, 0, 1), -6), 0.5)).toBe(32_767);
});

it("a word is wrong when its speaker made no sound there, wherever the recording's clock and the way put it", () => {
  const word = (text: string, startMs: number) => ({ text, startMs, endMs: startMs + 200, confidence: 1 });
  const report = leakReport({
    db: -20,
    segments: [
      { role: "candidate", words: [word("mine", 2_500), word("yours", 4_500)] },
      { role: "interviewer", words: [word("yours", 4_350)] },
    ],
    spoken: { candidate: [{ startMs: 1_000, endMs: 1_700 }], interviewer: [{ startMs: 2_800, endMs: 3_400 }] },
    placed: [{ speaker: "candidate", saidMs: 2_300, saidToMs: 3_300, heardMs: 2_350 }],
    speechStartMs: 1_300,
  });
  expect(report).toEqual({ db: -20, words: 3, wrong: [{ speaker: "candidate", text: "yours", startMs: 4_500 }] });
});
