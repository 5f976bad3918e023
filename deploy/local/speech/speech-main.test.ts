import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { identify, isAlive } from "@verbatim/hands/process/alive";
import { expect, test } from "vitest";
import { listen } from "./test/listen.ts";

async function children(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").filter(Boolean).map(Number);
}

async function start(dataDir: string) {
  const main = spawn(process.execPath, [path.join(import.meta.dirname, "speech-main.ts")], {
    env: { ...process.env, DATA_DIR: dataDir, SPEECH_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: main.stdout })) {
    const { msg, port } = JSON.parse(line);
    if (msg === "process.ready") return { main, port: Number(port) };
  }
  throw new Error("The speech server ended before it was ready.");
}

test("a speech server that is killed leaves no process behind; one that is told to end says so to its clients", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "verbatim-main-"));
  try {
    const first = await start(dataDir);
    await listen(first.port);
    const [recogniser] = await children(first.main.pid!);
    await expect.poll(() => children(recogniser!)).toHaveLength(1);
    const left = [recogniser!, ...(await children(recogniser!))].map(identify);
    first.main.kill("SIGKILL");
    await expect.poll(() => left.filter(isAlive), { timeout: 5_000 }).toEqual([]);

    const second = await start(dataDir);
    expect(await (await fetch(`http://127.0.0.1:${second.port}/healthz`)).text()).toBe("ok\n");
    const client = await listen(second.port);
    const ended = once(second.main, "exit");
    second.main.kill("SIGTERM");
    expect((await client.closed).code).toBe(1012);
    expect(await ended).toEqual([0, null]);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
