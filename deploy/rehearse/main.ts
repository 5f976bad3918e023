import { resolve } from "node:path";
import { readArguments, usage } from "./arguments.ts";
import { rehearse } from "./rehearse.ts";

/** `npm run rehearse`: exit 0 when the recording was assembled, else 1. Never leaves a process behind. */
if (process.argv.includes("--help")) {
  console.log(usage);
  process.exit(0);
}
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stop.abort(new Error("Stopped.")));
// Whoever reads along is gone: a line that cannot be written must not end us before the stack has ended.
for (const output of [process.stdout, process.stderr]) output.on("error", () => stop.abort(new Error("Stopped.")));
const beganMs = Date.now();
const say = (line: string): void => console.log(`${((Date.now() - beganMs) / 1000).toFixed(1).padStart(6)} s  ${line}`);

try {
  const options = readArguments(process.argv.slice(2));
  const report = await rehearse({ ...options, out: resolve(options.out) }, process.env, say, stop.signal);
  const { state, masterKey, coverage } = report.recording;
  const made = masterKey !== null && (state === "complete" || state === "complete_with_gaps");
  say(`${state}; coverage interviewer ${coverage.interviewer.toFixed(4)}, candidate ${coverage.candidate.toFixed(4)}`);
  say(`Everything is in ${resolve(options.out)}`);
  process.exit(made ? 0 : 1);
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  if (process.env["LOG_LEVEL"] === "debug") console.error(thrown);
  process.exit(1);
}
