import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { identify } from "@verbatim/hands/process/alive";
import { temporary } from "../../test/temporary.ts";
import { lockInstance } from "./instance-lock.ts";

describe("an instance's lock", () => {
  it("is refused while another living process has it, and taken over once that was killed", async () => {
    using temp = temporary();
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(other, "spawn");
    const path = join(temp.path, ".capture-1.lock");
    writeFileSync(path, JSON.stringify(identify(other.pid!)));
    expect(() => lockInstance(temp.path, "capture-1")).toThrow(/Another capture/);
    other.kill("SIGKILL");
    await once(other, "exit");
    const lock = lockInstance(temp.path, "capture-1");
    expect(existsSync(path)).toBe(true);
    lock[Symbol.dispose]();
    expect(existsSync(path)).toBe(false);
  });

  it("torn by a power cut is taken over", () => {
    using temp = temporary();
    writeFileSync(join(temp.path, ".capture-1.lock"), '{"pid":');
    using lock = lockInstance(temp.path, "capture-1");
    expect(lock).toBeDefined();
  });
});
