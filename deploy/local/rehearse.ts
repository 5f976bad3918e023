import path from "node:path";
import { removeLeftOver } from "../rehearse/left-over.ts";
import { runCommand } from "./command.ts";
import { root } from "./places.ts";
import { showProgram } from "./show-program.ts";
import { testNeeds } from "./test-needs.ts";

/** `npm run rehearse -- …`: sees to what a rehearsal needs, then runs it with the same arguments. */
await runCommand(async ({ progress, apt, signal }) => {
  const env = { ...process.env, ...(await testNeeds({ env: process.env, progress, apt, signal })) };
  const script = path.join(root, "deploy", "rehearse", "main.ts");
  // The arguments name files from where the person stands, which npm keeps in INIT_CWD.
  const cwd = process.env["INIT_CWD"] || root;
  try {
    return await showProgram(process.execPath, [script, ...process.argv.slice(2)], { cwd, env, signal });
  } finally {
    await removeLeftOver(); // Only where it was killed.
  }
});
