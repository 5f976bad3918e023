import { expect, it } from "vitest";
import { keepOrder } from "./keep-order.ts";

const line = (id: string, text = id) => ({ id, text });
const ids = (lines: readonly { readonly id: string }[]): string => lines.map(({ id }) => id).join(" ");

it("new lines stand behind those that are read, even when they were said earlier", () => {
  expect(ids(keepOrder([line("a"), line("c")], [line("a"), line("b"), line("c"), line("d")]))).toBe("a c b d");
});

it("a line that was changed keeps its place, and one that is gone leaves it", () => {
  const kept = keepOrder([line("b"), line("a"), line("x")], [line("a", "corrected"), line("b")]);
  expect(kept).toEqual([line("b"), line("a", "corrected")]);
});
