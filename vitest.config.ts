import { defineConfig } from "vitest/config";
import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Begun in this order, before all others: two of them wait for minutes (for what ends Stop's undo, for a two-minute call), and two work meanwhile. */
const LONGEST = ["canary", "screens", "people", "firefox"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.indexOf(basename(moduleId, ".test.ts"));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Browsers and whole stacks. Deadlines only end what hangs: nobody's machine is to fail a test by being busy. */
const flows = {
  pool: "forks",
  expect: { poll: { timeout: 60_000 } },
  testTimeout: 480_000,
  hookTimeout: 180_000,
} as const;

/** Everything that runs beside its code; browser flows that wait more than they work, two at a time; and those that take the machine for themselves. */
export default defineConfig({
  test: {
    // Two cores, and most test files work with a real Postgres, mediasoup or S3.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "code",
          sequence: { groupOrder: 0 },
          include: ["{shared,sfu,api,recorder,web,deploy}/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", "**/dist/**", "deploy/e2e/**"],
          globalSetup: ["api/test/shared-postgres.ts"],
          pool: "forks",
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...flows,
          name: "side-by-side",
          include: ["deploy/e2e/side-by-side/*.test.ts"],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...flows,
          name: "alone",
          include: ["deploy/e2e/*.test.ts"],
          sequence: { groupOrder: 2 },
          fileParallelism: false,
        },
      },
    ],
  },
});
