import { runCommand } from "./command.ts";
import { checkQuality } from "./quality.ts";
import { runSuites } from "./suites.ts";
import { testNeeds } from "./test-needs.ts";

/** `npm test`: everything. `npm test -- PATH …`: only the suites whose path holds one of these. */
await runCommand(async ({ progress, apt, signal }) => {
  const filters = process.argv.slice(2);
  const needs = await testNeeds({ env: process.env, progress, apt, signal });
  const env = { ...process.env, ...needs };
  const quality = filters.length > 0 ? { passed: 0, failed: 0 } : await checkQuality(signal, progress.say);
  const code = await runSuites({ project: "code", filters, env, signal });
  const flows = await runSuites({ project: "flows", filters, env, signal });

  const faults = [...code.faults, ...flows.faults];
  if (faults.length > 0) console.log(`\n${faults.join("\n")}`);
  const passed = quality.passed + code.passed + flows.passed;
  const failed = quality.failed + code.failed + flows.failed;
  progress.say("All steps ran.");
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
