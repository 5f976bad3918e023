import path from "node:path";
import { root } from "./places.ts";
import { runProgram } from "./run-program.ts";

export const packages = ["shared", "shared/hands", "sfu", "api", "recorder", "web", "deploy"] as const;

const bin = (name: string) => path.join(root, "node_modules", ".bin", name);

const steps: readonly { readonly name: string; readonly command: string; readonly args: readonly string[] }[] = [
  ...packages.map((member) => ({ name: `types: ${member}`, command: bin("tsc"), args: ["--noEmit", "-p", member] })),
  { name: "lint", command: bin("oxlint"), args: ["--type-aware"] },
  { name: "format", command: bin("biome"), args: ["format", "."] },
  { name: "unused code", command: bin("knip"), args: ["--no-progress"] },
];

export type Count = { readonly passed: number; readonly failed: number };

/** Types, lint, format and unused code. Each step counts as one; all run, so that one look shows every fault. */
export async function checkQuality(signal: AbortSignal, say: (line: string) => void): Promise<Count> {
  let failed = 0;
  for (const { name, command, args } of steps) {
    const began = performance.now();
    const fault = await runProgram({ command, args, cwd: root, failure: `${name}: failed`, signal }).then(
      () => undefined,
      (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
    );
    signal.throwIfAborted();
    if (fault !== undefined) failed += 1;
    say(
      fault === undefined ? `${name}: passed in ${((performance.now() - began) / 1000).toFixed(1)} s` : `\n${fault}\n`,
    );
  }
  return { passed: steps.length - failed, failed };
}
