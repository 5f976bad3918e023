import type { ReviewSegment } from "@verbatim/shared/api/interviews";
import { SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { placeWords, wordAt, wordFrom } from "./place-of-word.ts";

const seatId = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11");
const segment = (startMs: number, ...texts: string[]): ReviewSegment => ({
  id: `${seatId}:${startMs}`,
  seatId,
  role: "candidate",
  speaker: "Ada",
  startMs,
  endMs: startMs + texts.length * 500,
  text: texts.join(" "),
  words: texts.map((text, i) => ({ text, startMs: startMs + i * 500, endMs: startMs + i * 500 + 300, confidence: 1 })),
});

const words = placeWords([segment(1_000, "so", "we", "ran"), segment(5_000, "both")]);

it("finds the word that is heard", () => {
  expect([999, 1_000, 1_250, 1_500, 2_299].map((at) => wordAt(words, at)?.text)).toEqual([
    undefined,
    "so",
    "so",
    "we",
    "ran",
  ]);
});

it("lets the mark linger between words and go in a silence", () => {
  expect(wordAt(words, 1_450)?.text).toBe("so");
  expect(wordAt(words, 3_500)).toBeUndefined();
  expect(wordAt(words, 5_000)?.text).toBe("both");
  expect(wordAt([], 0)).toBeUndefined();
});

it("leads by arrow keys from word to word and passage to passage, and never past the ends", () => {
  const ten = placeWords([
    segment(0, "so", "we", "ran"),
    segment(2_000),
    segment(3_000, "both"),
    segment(5_000, "a", "b"),
  ]);
  const led = (from: number, key: string, ctrlKey = false): string | undefined =>
    ten[wordFrom(ten, from, { key, ctrlKey }) ?? -1]?.text;
  expect(["ArrowRight", "ArrowLeft", "Home", "End"].map((key) => led(1, key))).toEqual(["ran", "so", "so", "ran"]);
  expect(["ArrowDown", "ArrowUp"].map((key) => led(1, key))).toEqual(["both", "so"]);
  expect(["ArrowDown", "ArrowUp"].map((key) => led(3, key))).toEqual(["a", "so"]);
  expect([led(0, "ArrowLeft"), led(5, "ArrowRight"), led(5, "ArrowDown")]).toEqual(["so", "b", "b"]);
  expect([led(3, "Home", true), led(3, "End", true)]).toEqual(["so", "b"]);
  expect(led(3, "Enter")).toBeUndefined();
  expect(wordFrom([], 0, { key: "End", ctrlKey: true })).toBeUndefined();
});

it("tells the words that speech recognition was not sure of", () => {
  const heard = segment(0, "so", "we");
  const [so, we] = placeWords([{ ...heard, words: heard.words.map((word, n) => ({ ...word, confidence: n * 0.5 })) }]);
  expect([so?.unsure, we?.unsure]).toEqual([true, false]);
});
