import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeatId } from "../ids.ts";
import { standsFor } from "./align.ts";
import { correctedWords, correctionsBySegment, speakerAfter, wordsIn } from "./corrected.ts";
import { marksOf } from "./marks.ts";
import { type Passage, reanchor } from "./reanchor.ts";

const segmentId = "ada:1000";
const said = (text: string, startMs = 1_000) =>
  wordsIn(text).map((word, n) => ({ text: word, startMs: startMs + n * 300, endMs: startMs + n * 300 + 250 }));

let made = 0;
const correct = (from: number, to: number, text: string, seq: number) => ({
  id: `c${++made}`,
  seq,
  author: "user:1",
  name: "Ada",
  atMs: 0,
  act: { do: "correct", correction: `k${seq}`, span: { segmentId, from, to }, text } as const,
});
const undo = (of: number, seq: number, undone = true) => ({
  ...correct(0, 1, "", seq),
  act: { do: "undo", correction: `k${of}`, undone } as const,
});
const shown = (text: string, ...changes: readonly Parameters<typeof marksOf>[0][number][]) =>
  correctedWords(said(text), correctionsBySegment(marksOf(changes)).get(segmentId));
const read = (...asked: Parameters<typeof shown>) =>
  shown(...asked).map(({ text, from, to }) => `${text} ${from}-${to}`);

describe("a correction", () => {
  it("takes the place and the times of the words it corrects", () => {
    expect(read("we moved the doctor images", correct(3, 5, "docker images", 1))).toEqual([
      "we 0-1",
      "moved 1-2",
      "the 2-3",
      "docker 3-4",
      "images 4-5",
    ]);
    expect(
      shown("we moved it", correct(1, 2, "really moved", 1)).map(({ startMs, endMs }) => [startMs, endMs]),
    ).toEqual([
      [1_000, 1_250],
      [1_300, 1_425],
      [1_425, 1_550],
      [1_600, 1_850],
    ]);
  });

  it("makes one word of two, and leaves a place where words were taken out", () => {
    expect(read("a data base here", correct(1, 3, "database", 1))).toEqual(["a 0-1", "database 1-3", "here 3-4"]);
    expect(read("a data base here", correct(1, 3, "", 1))).toEqual(["a 0-1", " 1-3", "here 3-4"]);
  });

  it("that is later stands where two overlap, and undoing it brings back what was before", () => {
    const earlier = correct(0, 3, "A B C", 1);
    const later = correct(2, 4, "X Y", 2);
    const texts = (...changes: Parameters<typeof marksOf>[0][number][]) =>
      shown("a b c d", ...changes).map(({ text }) => text);
    expect(texts(later, earlier)).toEqual(["A", "B", "X", "Y"]);
    expect(texts(earlier, later, undo(2, 3))).toEqual(["A", "B", "C", "d"]);
    expect(texts(earlier, later, undo(1, 3))).toEqual(["a", "b", "X", "Y"]);
    expect(texts(earlier, later, undo(1, 3), undo(1, 4, false))).toEqual(["A", "B", "X", "Y"]);
  });

  it("of a speaker gives the whole segment to another, and undone to who had it before", () => {
    const seat = (n: number) => SeatId.parse(`0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a1${n}`);
    const to = (n: number, seq: number) => ({
      ...correct(0, 1, "", seq),
      act: { do: "speaker", correction: `k${seq}`, segmentId, seatId: seat(n) } as const,
    });
    const speaker = (...changes: Parameters<typeof marksOf>[0][number][]) =>
      speakerAfter(seat(0), correctionsBySegment(marksOf(changes)).get(segmentId));
    expect([
      speaker(),
      speaker(to(1, 1)),
      speaker(to(1, 1), to(2, 2)),
      speaker(to(1, 1), to(2, 2), undo(2, 3)),
    ]).toEqual([seat(0), seat(1), seat(2), seat(1)]);
  });

  it("keeps every word in order, over whole original words, whatever was corrected", () => {
    const word = fc.constantFrom("a", "b", "c", "d");
    const ranges = fc.array(
      fc.record({ from: fc.nat(7), length: fc.integer({ min: 1, max: 4 }), text: fc.array(word, { maxLength: 5 }) }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 8, maxLength: 8 }), ranges, (texts, corrections) => {
        const changes = corrections.map(({ from, length, text }, n) =>
          correct(from, Math.min(8, from + length), text.join(" "), n + 1),
        );
        const words = shown(texts.join(" "), ...changes);
        let end = 0;
        for (const { from, to, text, correction } of words) {
          expect(from).toBeLessThanOrEqual(end);
          end = Math.max(end, to);
          if (!correction) expect(text).toBe(texts[from]);
        }
        expect(end).toBe(8);
        const last = corrections.at(-1);
        const own = words.filter(({ correction }) => last && correction?.by.seq === corrections.length);
        if (last) expect(own.map(({ text }) => text).filter(Boolean)).toEqual(last.text);
      }),
    );
  });

  it("spreads its words over the ones they stand for", () => {
    expect(standsFor(["the", "pocket", "things"], ["the", "docket", "sphinx", "things"])).toEqual([0, 1, 1, 2]);
    expect(standsFor(["one"], ["x", "y"])).toEqual([0, 0]);
    expect(standsFor(["a", "b"], [])).toEqual([]);
  });
});

describe("in another transcript of the same sound", () => {
  const passage = (id: string, text: string, startMs: number, seatId = "ada"): Passage => ({
    id,
    seatId,
    words: said(text, startMs),
  });
  const old = passage("ada:1000", "we ran both systems for a month", 1_000);

  it.each([
    ["the same words", [passage("n1", "we ran both systems for a month", 1_000)], [["n1", 2, 4]]],
    ["words that moved a little", [passage("n1", "so we ran both systems", 1_400)], [["n1", 3, 5]]],
    ["other words at that time", [passage("n1", "we ran both cisterns for a month", 1_000)], [["n1", 2, 4]]],
    [
      "two passages",
      [passage("n1", "we ran both", 1_000), passage("n2", "systems for a month", 1_900)],
      [
        ["n1", 2, 3],
        ["n2", 0, 1],
      ],
    ],
    ["another speaker's words", [passage("n1", "we ran both systems", 1_000, "grace")], [["n1", 2, 4]]],
    [
      "the same speaker's first",
      [passage("n0", "both systems", 1_600, "grace"), passage("n1", "both systems", 1_600)],
      [["n1", 0, 2]],
    ],
    ["the same words long after", [passage("n1", "both systems", 60_000)], []],
    ["nothing at all", [], []],
  ] as const)("marked words are placed at %s", (_, fresh, expected) => {
    expect(reanchor(old, { from: 2, to: 4 }, fresh).map(({ segmentId: id, from, to }) => [id, from, to])).toEqual(
      expected,
    );
  });
});
