import { expect, it } from "vitest";
import { freshSuggestions } from "./fresh-suggestions.ts";

const open = (id: string) => ({ id, state: "open" as const });

it("counts what came since one looked, and nothing that was seen or that somebody marked", () => {
  expect(freshSuggestions([open("a"), open("b")], new Set())).toEqual(["a", "b"]);
  expect(freshSuggestions([open("a"), open("b")], new Set(["a"]))).toEqual(["b"]);
  expect(freshSuggestions([{ id: "a", state: "pinned" }, open("b")], new Set(["b"]))).toEqual([]);
  // Gone, and back by somebody's undo: it was seen.
  expect(freshSuggestions([open("a")], new Set(["a", "b"]))).toEqual([]);
});
