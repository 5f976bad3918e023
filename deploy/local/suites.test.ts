import { expect, it } from "vitest";
import { countTests } from "./suites.ts";

const suite = (name: string, statuses: string[], status = "passed") => ({
  name,
  status,
  assertionResults: statuses.map((one, index) => ({ status: one, fullName: `test ${index}` })),
});

it("counts executed tests", () => {
  const report = { testResults: [suite("a", ["passed", "passed"]), suite("b", ["passed", "failed"], "failed")] };
  expect(countTests(report, ["a", "b"])).toMatchObject({ passed: 3, failed: 1 });
});

it("fails a suite that did not run, held no test, skipped one or broke outside its tests", () => {
  const report = {
    testResults: [suite("empty", []), suite("skips", ["passed", "skipped"]), suite("broken", ["passed"], "failed")],
  };
  expect(countTests(report, ["empty", "skips", "broken", "absent"])).toEqual({
    passed: 2,
    failed: 4,
    faults: ["absent: did not run", "empty: no test ran", "skips: test 1: skipped", "broken: failed outside its tests"],
  });
});
