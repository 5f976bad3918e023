import { runCommand } from "./command.ts";
import { checkQuality } from "./quality.ts";

/** `npm run check`: types, lint, format and unused code, without running a test. */
await runCommand(async ({ progress, signal }) => {
  const { passed, failed } = await checkQuality(signal, progress.say);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
