import fc from "fast-check";
import { expect, it } from "vitest";
import { findWords } from "./find-words.ts";

const passage = (id: string, text: string) => ({ id, words: text.split(" ").map((word) => ({ text: word })) });

it("finds words whatever their case, accents and punctuation, within words and across them", () => {
  const talk = [passage("a", "We ran both systems, side by side."), passage("b", "Système, ou «systems»: both.")];
  expect(findWords(talk, "both system")).toEqual([{ segmentId: "a", from: 2, to: 4 }]);
  expect(findWords(talk, "SYSTEM")).toEqual([
    { segmentId: "a", from: 3, to: 4 },
    { segmentId: "b", from: 0, to: 1 },
    { segmentId: "b", from: 2, to: 3 },
  ]);
  expect(findWords(talk, "side")).toHaveLength(2);
});

it("a text that stands nowhere, or is none, is not found; names that end in signs are", () => {
  const talk = [passage("a", "I write C++, C# and .NET")];
  for (const text of ["", "  ", "?!", "rust"]) expect(findWords(talk, text), text).toEqual([]);
  expect(findWords(talk, "c++")).toEqual([{ segmentId: "a", from: 2, to: 3 }]);
  expect(findWords(talk, "c#")).toEqual([{ segmentId: "a", from: 3, to: 4 }]);
  expect(findWords(talk, ".net")).toEqual([{ segmentId: "a", from: 5, to: 6 }]);
});

it("any run of a passage's words is found at its place, and places never overlap", () => {
  const word = fc.constantFrom("we", "ran", "a", "é", "Bank,", "so", "—", "sos");
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.nat(11), fc.nat(11), (words, one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other) + 1];
      const text = words.slice(from, to).join(" ");
      const found = findWords([passage("a", words.join(" "))], text);
      for (const [index, each] of found.entries()) expect(each.from).toBeGreaterThanOrEqual(found[index - 1]?.to ?? 0);
      if (/[a-zé]/i.test(text)) expect(found.length).toBeGreaterThan(0);
    }),
  );
});
