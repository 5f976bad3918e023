import fc from "fast-check";
import { SAMPLE_RATE } from "@verbatim/shared/clock";
import { describe, expect, it } from "vitest";
import { placeWords } from "./place-words.ts";
import { createSentAudio } from "./sent-audio.ts";

const FRAME = 320;
const FRAME_S = 0.02;

/** Pieces of a track as they were handed to an engine: sound at its place, with gaps and silence of our own between. */
const piece = fc.record({
  frames: fc.integer({ min: 1, max: 60 }),
  voiced: fc.boolean(),
  /** Missing on the recording's clock before it, s; the stream is given 0.3 s of silence for it. */
  gapS: fc.oneof(
    { arbitrary: fc.constant(0), weight: 2 },
    { arbitrary: fc.double({ min: 0.2, max: 5, noNaN: true }), weight: 1 },
  ),
});

function handed(pieces: readonly { frames: number; voiced: boolean; gapS: number }[]) {
  const sent = createSentAudio();
  const frames: { from: number; to: number; voiced: boolean }[] = [];
  let at = 0;
  let index = 0;
  for (const { frames: count, voiced, gapS } of pieces) {
    if (gapS > 0) sent.add(undefined, 0.3 * 16_000, 0);
    at += Math.round(gapS * SAMPLE_RATE);
    for (let n = 0; n < count; n++) {
      sent.add({ index: index++, startSamples: at, pcm: new Int16Array(FRAME), voiced }, FRAME, 0);
      frames.push({ from: at, to: at + FRAME_S * SAMPLE_RATE, voiced });
      at += FRAME_S * SAMPLE_RATE;
    }
  }
  return { sent, frames, lengthS: sent.samples / 16_000, end: at };
}

const heard = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), lengthS: fc.double({ min: 0, max: 2, noNaN: true }) }),
  { maxLength: 20 },
);

describe("a word", () => {
  it("never stands in a gap, in silence, in what is not kept, or before the one before it", () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        heard,
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        (pieces, words, [one, other]) => {
          const { sent, frames, lengthS, end } = handed(pieces);
          const kept = [{ from: Math.round(Math.min(one, other) * end), to: Math.round(Math.max(one, other) * end) }];
          const placed = placeWords(
            words
              .map(({ at, lengthS: long }) => ({
                text: "w",
                startS: at * lengthS,
                endS: at * lengthS + long,
                confidence: 1,
              }))
              .toSorted((a, b) => a.startS - b.startS),
            { heldBehind: sent.heldBehind, kept, after: 0 },
          );
          let last = 0;
          for (const { from, to } of placed) {
            expect(from).toBeGreaterThanOrEqual(Math.max(last, kept[0]!.from));
            expect(to).toBeLessThanOrEqual(kept[0]!.to);
            last = to;
            const behind = frames.filter((frame) => frame.to > from && frame.from < to);
            // Whole: what is held behind it leaves no hole.
            const held = behind.reduce((sum, frame) => sum + Math.min(frame.to, to) - Math.max(frame.from, from), 0);
            expect(Math.abs(held - (to - from))).toBeLessThanOrEqual(behind.length + 1);
            // A voice in it, or within the slack that engines have at a word's edges, with no gap between.
            const slack = 0.06 * SAMPLE_RATE + 2;
            expect(frames.some((frame) => frame.voiced && frame.to > from - slack && frame.from < to + slack)).toBe(
              true,
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("that a gap tore apart stands on the side where there is a voice, however short", () => {
    const { sent } = handed([
      { frames: 10, voiced: true, gapS: 0 },
      { frames: 40, voiced: false, gapS: 3 },
    ]);
    const [word] = placeWords([{ text: "w", startS: 0.1, endS: 1.2, confidence: 1 }], {
      heldBehind: sent.heldBehind,
      kept: [{ from: 0, to: 10 * SAMPLE_RATE }],
      after: 0,
    });
    expect(word).toMatchObject({ startMs: 100, endMs: 200 });
  });
});
