import { DEFAULT_THEME } from "@mantine/core";
import { expect, it } from "vitest";
import { sideOf } from "./parts/side-of.ts";
import { variables } from "./theme.ts";

const { light, dark } = variables(DEFAULT_THEME);

/** Relative luminance of #rrggbb, as WCAG 2 defines it. */
const luminance = (colour = ""): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (one?: string, other?: string): number => {
  const [less = 0, more = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
};

it.each([
  ["light", light],
  ["dark", dark],
])("every speaker's name is read on every surface that it stands on: %s", (_, colours) => {
  for (const speaker of ["interviewer", "co-interviewer", "candidate"]) {
    for (const surface of ["page", "panel", "raised", "stage"]) {
      const ratio = contrast(colours[`--v-${speaker}`], colours[`--v-${surface}`]);
      expect(ratio, `${speaker} on ${surface}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

it("who asks beside the interviewer, and the candidate, have sides of their own", () => {
  const roles = ["interviewer", "co-interviewer", "candidate", "observer", undefined];
  expect(roles.map(sideOf)).toEqual(["interviewer", "co-interviewer", "candidate", "interviewer", "interviewer"]);
});
