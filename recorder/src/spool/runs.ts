import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CONTROL_LOG, type RunHeader } from "@verbatim/shared/spool/format";
import { openLog } from "./reader.ts";

/** A run's directory and what its header says. */
export type FoundRun = { readonly dir: string; readonly header: RunHeader };

/** Finds runs without being told of them. Pull: the caller looks as often as it likes; a look is two readdirs. */
export type RunWatch = {
  /** Runs that appeared, and directories that went, since the last look. The first look finds all that are there. */
  look(): { readonly found: readonly FoundRun[]; readonly gone: readonly string[] };
};

/** Watches `{spoolDir}/{instance}/{run}`. A directory counts once its header is readable; names with a dot do not. */
export function watchRuns(spoolDir: string): RunWatch {
  const known = new Set<string>();
  return {
    look() {
      const found: FoundRun[] = [];
      const there = new Set<string>();
      for (const dir of runDirectories(spoolDir)) {
        there.add(dir);
        if (known.has(dir)) continue;
        const header = readRunHeader(dir);
        if (!header) continue;
        known.add(dir);
        found.push({ dir, header });
      }
      const gone = [...known].filter((dir) => !there.has(dir));
      for (const dir of gone) known.delete(dir);
      return { found, gone };
    },
  };
}

/** Every `{instance}/{run}` directory, oldest name first. */
export function runDirectories(spoolDir: string): string[] {
  return subdirectories(spoolDir).flatMap((instance) => subdirectories(instance));
}

/** The run's header, or undefined when it cannot be read (yet). */
export function readRunHeader(dir: string): RunHeader | undefined {
  using log = openLog(join(dir, CONTROL_LOG));
  const first = log.read()[0];
  return first?.type === "run" ? first.header : undefined;
}

function subdirectories(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.includes("."))
      .map((entry) => join(dir, entry.name))
      .toSorted();
  } catch {
    // Not made yet, or deleted between two looks: no runs there.
    return [];
  }
}
