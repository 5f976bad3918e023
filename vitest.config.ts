import { defineConfig } from "vitest/config";

/** Two projects: everything that runs beside its code, and the browser flows, which take the machine one at a time. */
export default defineConfig({
  test: {
    // Two cores, and most test files start a real Postgres, mediasoup or S3 of their own.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "code",
          include: ["{shared,sfu,api,recorder,web,deploy}/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", "**/dist/**", "deploy/e2e/**"],
          pool: "forks",
          // Deadlines only end what hangs: nobody's machine is to fail a test by being busy.
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "flows",
          include: ["deploy/e2e/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          expect: { poll: { timeout: 60_000 } },
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
