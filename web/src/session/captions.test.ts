import { SeatId } from "@verbatim/shared/ids";
import { expect, it } from "vitest";
import { withCaption } from "./captions.ts";

const ada = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11");
const anna = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a12");
const says = (seatId: SeatId, text: string, final = false) => ({ seatId, text, final });

it("the newest words stand last, one line a person", () => {
  const first = withCaption([], says(ada, "so we"));
  const both = withCaption(first, says(anna, "yes"));
  expect(withCaption(both, says(ada, "so we ran", true))).toEqual([says(anna, "yes"), says(ada, "so we ran", true)]);
});

it("finished words stay when nothing more is being said, unfinished ones that are taken back go", () => {
  const finished = withCaption([], says(ada, "so we ran", true));
  expect(withCaption(finished, says(ada, ""))).toBe(finished);
  expect(withCaption([says(ada, "mm")], says(ada, ""))).toEqual([]);
});

it("what may be read no longer goes at once, and others' words stay", () => {
  const both = [says(ada, "mine", true), says(anna, "hers", true)];
  expect(withCaption(both, says(anna, "", true))).toEqual([says(ada, "mine", true)]);
});
