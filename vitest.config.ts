import { defineConfig } from "vitest/config";

/** Browsers and whole stacks. Deadlines only end what hangs: nobody's machine is to fail a test by being busy. */
const flows = {
  pool: "forks",
  expect: { poll: { timeout: 60_000 } },
  testTimeout: 480_000,
  hookTimeout: 180_000,
} as const;

/**
 * Everything that runs beside its code; browser flows that wait more than they work, two at a time; and those that take
 * the machine for themselves. Three at a time take longer than two, and so do the busiest of them side by side: two cores have no more to give.
 */
export default defineConfig({
  test: {
    // Two cores, and most test files work with a real Postgres, mediasoup or S3.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "code",
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
        },
      },
      {
        test: {
          ...flows,
          name: "alone",
          include: ["deploy/e2e/*.test.ts"],
          fileParallelism: false,
        },
      },
    ],
  },
});
