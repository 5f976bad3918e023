import { glob, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { root } from "./places.ts";
import type { Count } from "./quality.ts";
import { showProgram } from "./show-program.ts";

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      /** What broke outside its tests: a hook of the whole file, or its loading. */
      message: z.string().default(""),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});
export type Report = z.infer<typeof Report>;

/** Counts executed tests. A suite that is missing, broke off or held no test counts as one failure, and so does a skipped test. */
export function countTests(
  report: Report,
  expected: readonly string[],
): Count & { readonly faults: readonly string[] } {
  const faults: string[] = [];
  let passed = 0;
  const seen = new Set(report.testResults.map((suite) => suite.name));
  for (const file of expected) if (!seen.has(file)) faults.push(`${file}: did not run`);
  for (const suite of report.testResults) {
    const before = faults.length;
    for (const test of suite.assertionResults) {
      if (test.status === "passed") passed += 1;
      else faults.push(`${suite.name}: ${test.fullName}: ${test.status}`);
    }
    if (suite.assertionResults.length === 0) faults.push(`${suite.name}: no test ran${why(suite)}`);
    else if (suite.message || (suite.status === "failed" && faults.length === before))
      faults.push(`${suite.name}: failed outside its tests${why(suite)}`);
  }
  return { passed, failed: faults.length, faults };
}

const why = ({ message }: { readonly message: string }): string => (message ? `: ${message}` : "");

/** vitest's projects, as vitest.config.ts has them. */
export type Project = "code" | "flows";

/** Runs one of vitest's projects, and says what came of every suite of it. */
export async function runSuites(options: {
  readonly project: Project;
  readonly filters: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}): Promise<Count & { readonly faults: readonly string[] }> {
  const expected = options.filters.length > 0 ? [] : await testFiles(options.project);
  if (options.filters.length === 0 && expected.length === 0) return { passed: 0, failed: 0, faults: [] };
  const output = path.join(root, "node_modules", `.tests-${options.project}-${process.pid}.json`);
  const args = [
    path.join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--project",
    options.project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${output}`,
    "--passWithNoTests",
    ...options.filters,
  ];
  const code = await showProgram(process.execPath, args, { cwd: root, env: options.env, signal: options.signal });
  options.signal.throwIfAborted();
  try {
    const text = await readFile(output, "utf8").catch(() => '{"testResults":[]}'); // It broke off before its report.
    const count = countTests(Report.parse(JSON.parse(text)), expected);
    if (code === 0 || count.failed > 0) return count;
    return { ...count, failed: 1, faults: [`vitest ended with code ${code} although no test failed`] };
  } finally {
    await rm(output, { force: true });
  }
}

const projectOf = (file: string): Project => (file.startsWith("deploy/e2e/") ? "flows" : "code");

async function testFiles(project: Project): Promise<string[]> {
  const files: string[] = [];
  const exclude = (name: string) => name === "node_modules" || name === "dist";
  for await (const file of glob("{shared,sfu,api,recorder,web,deploy}/**/*.test.{ts,tsx}", { cwd: root, exclude })) {
    if (!/(^|\/)(node_modules|dist)\//.test(file) && projectOf(file) === project) files.push(path.join(root, file));
  }
  return files.toSorted();
}
