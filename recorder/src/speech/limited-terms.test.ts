import fc from "fast-check";
import { expect, it } from "vitest";
import { limitedTerms } from "./limited-terms.ts";

it("takes the first terms that fit and never more than the limits, whatever they are written in", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 80 })), (terms) => {
      const taken = limitedTerms(terms, { terms: 100, bytes: 500 });
      expect(taken.length).toBeLessThanOrEqual(100);
      expect(Buffer.byteLength(taken.join(""))).toBeLessThanOrEqual(500);
      expect(terms).toEqual(expect.arrayContaining(taken));
    }),
  );
  expect(limitedTerms(["αβγ", "de", "f"], { terms: 2, bytes: 8 })).toEqual(["αβγ", "de"]);
  expect(limitedTerms(["too long", "fits"], { terms: 2, bytes: 5 })).toEqual(["fits"]);
});
