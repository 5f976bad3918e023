import { defineConfig } from "vitest/config";

/**
 * Everything that runs beside its code; and flows: whole stacks with their browsers, one at a time. Two of them beside one
 * another, each a call with its sound and pictures, are more than two cores keep up with: annotations and notes took 259 s
 * so and 112 s one after the other, and the busiest ran into every deadline.
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
          name: "flows",
          include: ["deploy/e2e/*.test.ts"],
          fileParallelism: false,
          pool: "forks",
          // Deadlines only end what hangs: nobody's machine is to fail a test by being busy.
          expect: { poll: { timeout: 60_000 } },
          testTimeout: 480_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
