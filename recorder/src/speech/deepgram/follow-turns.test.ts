import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { followTurns } from "./follow-turns.ts";
import type { TurnInfo } from "./turn-info.ts";
import { timesOfWords } from "./word-times.ts";

const loud = (seconds: number): Int16Array =>
  Int16Array.from({ length: seconds * 16_000 }, (_, n) => 8_000 * Math.sin(n / 5));
const silent = (seconds: number): Int16Array => new Int16Array(seconds * 16_000);
const turnInfo = (event: string, fromS: number, toS: number, words: TurnInfo["words"] = []): TurnInfo => ({
  type: "TurnInfo",
  event,
  audio_window_start: fromS,
  audio_window_end: toS,
  words,
});
const word = (text: string, start?: number, end?: number) => ({
  word: text,
  confidence: 0.9,
  ...(start !== undefined && end !== undefined && { start, end }),
});

describe("turns", () => {
  it("are interim until they end, and then settle what was heard but for what may begin the next", () => {
    const turns = followTurns();
    expect(turns.follow(turnInfo("StartOfTurn", 0, 1.2))).toMatchObject({ isFinal: false, words: [] });
    expect(turns.follow(turnInfo("Update", 0, 2, [word("hello", 1, 1.4)]))).toMatchObject({ isFinal: false, endS: 2 });
    const ended = turns.follow(turnInfo("EndOfTurn", 0, 3, [word("Hello", 1, 1.4), word("there.", 1.5, 1.8)]));
    expect(ended).toMatchObject({ isFinal: true, startS: 0, endS: 2.5 });
    expect(ended.words.map(({ text }) => text)).toEqual(["Hello", "there."]);
    expect(turns.follow(turnInfo("Update", 3, 3.2))).toMatchObject({ isFinal: false });
  });

  it("settle quiet as it passes, never the second in which a turn may just be beginning", () => {
    const turns = followTurns();
    expect(turns.follow(turnInfo("Update", 0, 2))).toEqual({ startS: 0, endS: 1, isFinal: true, words: [] });
    expect(turns.follow(turnInfo("Update", 0, 2.2)).isFinal).toBe(false);
    expect(turns.follow(turnInfo("StartOfTurn", 0, 2.5)).isFinal).toBe(false);
    // Begun, and no word of it yet: nothing is settled however long that takes.
    expect(turns.follow(turnInfo("Update", 0, 9)).isFinal).toBe(false);
  });

  it("that a closed stream left open stand as they were told last", () => {
    const turns = followTurns();
    turns.follow(turnInfo("StartOfTurn", 0, 1.2));
    turns.follow(turnInfo("Update", 0, 2, [word("so", 1, 1.4)]));
    const last = turns.end();
    expect(last).toMatchObject({ isFinal: true, endS: 2 });
    expect(last.words.map(({ text }) => text)).toEqual(["so"]);
    expect(turns.end().words).toEqual([]);
  });

  it("without times lie where a voice was since the turn was noticed, not on noise before it", () => {
    const turns = followTurns();
    for (const sound of [silent(1), loud(1), silent(3), loud(1), silent(1)]) turns.hear(sound);
    turns.follow(turnInfo("StartOfTurn", 0, 5.2));
    const { words } = turns.follow(turnInfo("EndOfTurn", 0, 7, [word("yes"), word("sir")]));
    expect(words.map(({ startS, endS }) => [startS.toFixed(1), endS.toFixed(1)])).toEqual([
      ["5.0", "5.5"],
      ["5.5", "6.0"],
    ]);
  });
});

describe("a turn's words", () => {
  const turn = { fromS: 10, toS: 20, spokenFromS: 10, voiceIn: () => [] };

  it("keep the times that are told, and share them where two words are told as one", () => {
    const words = timesOfWords([word("I am", 11, 11.5), word("losing", 11.5, 12)], turn);
    expect(words.map(({ text, startS, endS }) => [text, startS.toFixed(1), endS.toFixed(1)])).toEqual([
      ["I", "11.0", "11.2"],
      ["am", "11.2", "11.5"],
      ["losing", "11.5", "12.0"],
    ]);
  });

  it("lie between their neighbours where only these have times", () => {
    const words = timesOfWords([word("one", 11, 12), word("two"), word("six", 14, 15)], turn);
    expect(words[1]).toMatchObject({ startS: 12, endS: 14 });
  });

  it("have none of the told times where these count from somewhere else", () => {
    const voiceIn = () => [{ fromS: 12, toS: 14 }];
    for (const [start, end] of [
      [0.2, 0.6],
      [25, 26],
    ] as const) {
      const [first] = timesOfWords([word("one", start, end)], { ...turn, voiceIn });
      expect(first).toMatchObject({ startS: 12, endS: 14 });
    }
  });

  it("stand in order, in their turn, whatever is told of them", () => {
    const times = fc.option(
      fc.tuple(fc.double({ min: -5, max: 30, noNaN: true }), fc.double({ min: -5, max: 30, noNaN: true })),
    );
    const told = fc.array(fc.tuple(fc.string({ unit: "grapheme", maxLength: 9 }), times), { maxLength: 12 });
    fc.assert(
      fc.property(told, (each) => {
        const words = timesOfWords(
          each.map(([text, at]) => (at ? word(text, ...at) : word(text))),
          turn,
        );
        let last = 0;
        for (const { text, startS, endS } of words) {
          expect(text).toMatch(/^\S+$/u);
          expect(startS).toBeGreaterThanOrEqual(last);
          expect(endS).toBeGreaterThanOrEqual(startS);
          expect(startS).toBeGreaterThanOrEqual(9.5);
          expect(endS).toBeLessThanOrEqual(20.5 + 1e-9);
          last = startS;
        }
      }),
    );
  });
});
