import { expect, it } from "vitest";
import { countTests } from "./suites.ts";

const suite = (name: string, statuses: string[], status = "passed", message = "") => ({
  name,
  status,
  message,
  assertionResults: statuses.map((one, index) => ({ status: one, fullName: `test ${index}` })),
});

it("counts executed tests", () => {
  const report = { testResults: [suite("a", ["passed", "passed"]), suite("b", ["passed", "failed"], "failed")] };
  expect(countTests(report, ["a", "b"])).toMatchObject({ passed: 3, failed: 1 });
});

it("fails a suite that did not run, held no test, skipped one or broke outside its tests", () => {
  const report = {
    testResults: [
      suite("empty", [], "failed", "no such module"),
      suite("skips", ["passed", "skipped"], "failed", "no stage"),
      suite("broken", ["passed"], "failed"),
    ],
  };
  expect(countTests(report, ["empty", "skips", "broken", "absent"])).toEqual({
    passed: 2,
    failed: 5,
    faults: [
      "absent: did not run",
      "empty: no test ran: no such module",
      "skips: test 1: skipped",
      "skips: failed outside its tests: no stage",
      "broken: failed outside its tests",
    ],
  });
});
