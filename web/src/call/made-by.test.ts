import { expect, it } from "vitest";
import { madeBy } from "./made-by.ts";

const model = { source: "model" } as const;
const rules = { source: "rules" } as const;

it("one pinned suggestion of the rules among the model's is enough for each to say what made it", () => {
  expect(madeBy([rules, rules])).toBe("rules");
  expect(madeBy([model, model])).toBe("model");
  expect(madeBy([rules, model, model])).toBe("both");
  expect(madeBy([model, rules])).toBe("both");
});
