import { expect, it } from "vitest";
import { readConfig } from "./config.ts";

it("names every fault of its environment at once", () => {
  const bad = { SERVICE_SECRET: "short", CAPTURE_INSTANCE: "../other", SFU_INTERNAL_URL: "http://x" };
  for (const name of ["SERVICE_SECRET", "SPOOL_DIR", "CAPTURE_INSTANCE", "SFU_INTERNAL_URL"]) {
    expect(() => readConfig(bad)).toThrow(name);
  }
});

it("needs a secret and a place for the spool, and defaults the rest", () => {
  expect(readConfig({ SERVICE_SECRET: "s".repeat(32), SPOOL_DIR: "/spool" })).toEqual({
    sfuUrl: "ws://127.0.0.1:3011",
    serviceSecret: "s".repeat(32),
    spoolDir: "/spool",
    opsPort: 3021,
    instance: "capture-1",
    logLevel: "info",
  });
});
