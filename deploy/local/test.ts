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
  const counts = [quality];
  const faults: string[] = [];
  for (const project of ["code", "flows"] as const) {
    const count = await runSuites({ project, filters, env, signal });
    counts.push(count);
    faults.push(...count.faults);
  }
  if (faults.length > 0) console.log(`\n${faults.join("\n")}`);
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  progress.say("All steps ran.");
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
