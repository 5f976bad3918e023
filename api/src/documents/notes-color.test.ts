import { expect, it } from "vitest";
import { colorOf, colors } from "./notes-color.ts";

/** WCAG's relative luminance of `#rrggbb`. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it("a white name can be read on every colour that a person may get", () => {
  for (const color of colors) expect(1.05 / (luminance(color) + 0.05), color).toBeGreaterThan(4.5);
});

it("a person has one colour", () => {
  expect(colorOf("user:ada")).toBe(colorOf("user:ada"));
  expect(new Set(Array.from({ length: 100 }, (_, n) => colorOf(`user:${n}`))).size).toBe(colors.length);
});
