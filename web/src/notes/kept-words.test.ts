import { expect, it } from "vitest";
import { keepWords } from "./kept-words.ts";

function shelf() {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (n: number) => [...kept.keys()][n] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
  };
}
const words = Uint8Array.of(1, 2, 250);

it("what one page could not send is there for the next, and gone when it is stored", () => {
  const storage = shelf();
  expect(keepWords("notes/1/user:a", () => storage).save(words)).toBe(true);
  const next = keepWords("notes/1/user:a", () => storage);
  expect(next.load()).toEqual([words]);
  next.save(Uint8Array.of(3));
  next.clear();
  expect(storage.kept.size).toBe(0);
});

it("another person's words and another document's are not loaded, and not cleared", () => {
  const storage = shelf();
  keepWords("notes/1/user:a", () => storage).save(words);
  const other = keepWords("notes/1/user:ab", () => storage);
  expect(other.load()).toEqual([]);
  other.clear();
  expect(storage.kept.size).toBe(1);
});

it("a browser that keeps nothing is said to keep nothing, and words that somebody changed are left alone", () => {
  const none = keepWords("notes/1/user:a", () => {
    throw new Error("SecurityError");
  });
  expect(none.save(words)).toBe(false);
  expect(none.load()).toEqual([]);
  none.clear();
});
