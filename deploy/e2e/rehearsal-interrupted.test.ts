import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { processesNaming } from "./traces.ts";

const run = promisify(execFile);
const main = join(import.meta.dirname, "..", "rehearse", "main.ts");

it("a rehearsal that is interrupted while somebody is cut off ends by itself and leaves nothing behind", async () => {
  // Short names: Chromium has a socket below them, whose path may have 108 bytes.
  const folder = await mkdtemp(join(tmpdir(), "stop-"));
  const temporary = join(folder, "t");
  await mkdir(temporary);
  await chmod(folder, 0o711); // Everybody in it runs as a user of their own.
  await chmod(temporary, 0o1777);
  const out = join(folder, "out");
  const options = ["--out", out, "--observers", "1", "--seconds", "60", "--fault", "offline:candidate@1+50"];
  const child = spawn(process.execPath, [main, ...options], {
    // Node keeps code that it compiled for vite there, where the pages are built first.
    env: { ...process.env, TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const exited = once(child, "exit");
    const told: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      told.push(line);
      if (line.includes("Fault: offline")) break;
    }
    expect(told.join("\n")).toContain("Fault: offline");
    expect((await processesNaming(folder)).join("\n")).toMatch(/postgres[^]*chromium|chromium[^]*postgres/);
    expect((await run("nft", ["list", "tables"])).stdout).toContain(`verbatim_rehearse_${child.pid}`);
    child.kill("SIGINT");
    child.kill("SIGTERM"); // Impatience changes nothing.
    child.stdout.resume();
    expect(await exited).toEqual([1, null]);
    expect(await processesNaming(folder)).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
    expect((await run("nft", ["list", "tables"])).stdout).not.toContain(`verbatim_rehearse_${child.pid}`);
  } finally {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
});
