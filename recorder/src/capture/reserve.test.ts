import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createLog } from "@verbatim/hands/log";
import { temporary } from "../../test/temporary.ts";
import { createReserve } from "./reserve.ts";

const log = createLog("test", "silent");
const never = new AbortController().signal;

it("holds real space, gives it back at once, and takes it again when there is plenty", async () => {
  using temp = temporary();
  const bytes = 3 << 20;
  const reserve = createReserve({ spoolDir: temp.path, instance: "capture-1", log, bytes });
  await reserve.check(never);
  const path = join(temp.path, ".capture-1.reserve");
  expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(bytes);
  expect(reserve.freeBytes).toBeGreaterThan(0);
  expect(reserve.free()).toBe(true);
  expect(existsSync(path)).toBe(false);
  expect(reserve.free()).toBe(false);
  await reserve.check(never);
  expect(reserve.held).toBe(true);
  // Another process of the same instance finds it.
  const next = createReserve({ spoolDir: temp.path, instance: "capture-1", log, bytes });
  await next.check(never);
  expect(next.held).toBe(true);
});

it("is not taken from a disk that has little", async () => {
  using temp = temporary();
  const reserve = createReserve({
    spoolDir: temp.path,
    instance: "capture-1",
    log,
    bytes: Number.MAX_SAFE_INTEGER / 8,
  });
  await reserve.check(never);
  expect(reserve.held).toBe(false);
  expect(readdirSync(temp.path)).toEqual([]);
});
