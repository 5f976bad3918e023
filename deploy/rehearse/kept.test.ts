import { expect, describe, it } from "vitest";
import type { Change } from "@verbatim/shared/marks/act";
import { commentsIn, keptOf, totalOf, wordOf } from "./kept.ts";

const text = wordOf(2, 0) + wordOf(2, 1) + wordOf(2, 13);
const typed = { name: "observer2", text, comments: ["observer2, 1", "observer2, 2"] };
const of = (notes: string, comments: readonly string[] = typed.comments) => keptOf(typed, notes, comments);
const whole = `${wordOf(1, 0)}\n${text}\n${wordOf(3, 0)}`;

describe("what is kept of what was typed", () => {
  it("is all of it where every word stands, in whatever lines and among whoever's", () => {
    const { length } = text;
    expect(of(whole)).toMatchObject({ sent: length, kept: length, lost: [], doubled: [] });
    expect(of(`${wordOf(2, 13)}\n${wordOf(2, 0)}${wordOf(1, 0)}${wordOf(2, 1)}`).kept).toBe(length);
  });

  it("lacks a word, and names it, where a letter, its space or its place among others' letters is lost", () => {
    const missing = wordOf(2, 1);
    for (const wrong of [missing.slice(1), missing.trim(), `${missing.slice(0, 3)}x${missing.slice(3)}`, ""]) {
      expect(of(whole.replace(missing, `${wrong}\n`))).toMatchObject({
        kept: text.length - missing.length,
        lost: [missing.trim()],
      });
    }
  });

  it("counts no word twice: one letter less can make it another one", () => {
    // Word 13 without its 3 is word 1 of the same person.
    const shortened = wordOf(2, 13).replace("3", "");
    expect(shortened).toBe(wordOf(2, 1));
    expect(of(`${wordOf(2, 0)}${wordOf(2, 1)}${shortened}`)).toMatchObject({
      lost: [wordOf(2, 13).trim()],
      doubled: [wordOf(2, 1).trim()],
    });
  });

  it("counts the letters of a word that its writer could not finish", () => {
    const cut = { ...typed, text: text.slice(0, -3) };
    expect(keptOf(cut, cut.text, []).kept).toBe(cut.text.length);
    expect(keptOf(cut, text, []).kept).toBeLessThan(cut.text.length);
  });

  it("comes to sums, over everybody", () => {
    const all = [of(whole), of("", ["observer2, 2", "somebody else's"])];
    expect(all[1]?.comments).toEqual({ made: 2, kept: 1, lost: ["observer2, 1"] });
    expect(totalOf(all)).toEqual({
      typed: { sent: 2 * text.length, kept: text.length },
      annotations: { made: 4, kept: 3 },
    });
    expect(totalOf([])).toEqual({ typed: { sent: 0, kept: 0 }, annotations: { made: 0, kept: 0 } });
  });
});

it("no two words of anybody are the same", () => {
  const words = [1, 2, 3, 4, 5].flatMap((person) => Array.from({ length: 200 }, (_, n) => wordOf(person, n)));
  expect(new Set(words).size).toBe(1_000);
  for (const word of words) expect(word).toMatch(/^[a-z]+\d\.\d+ $/);
});

it("comments are those of annotations that stand", () => {
  const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const changes = [
    { do: "annotate", annotation: id(1), spans: [{ segmentId: "a:1", from: 0, to: 1 }], tags: [], evidence: [] },
    { do: "comment", annotation: id(1), comment: id(2), text: "stands" },
    { do: "comment", annotation: id(1), comment: id(3), text: "taken back" },
    { do: "remove", target: id(3), removed: true, seen: 3 },
    { do: "comment", annotation: id(9), comment: id(4), text: "on nothing" },
  ].map((act, n) => ({ id: id(100 + n), seq: n + 1, author: "seat:x", name: "X", atMs: 0, act }) as Change);
  expect(commentsIn(changes)).toEqual(["stands"]);
});
