import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { identify } from "@verbatim/hands/process/alive";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AlreadyRunning, claimDataDir } from "./claim.ts";
import { assertFree, freePortSet } from "./ports.ts";
import { secrets } from "./secrets.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "verbatim-claim-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("refuses a second start on the same data, and says where the first one is", async () => {
  const first = await claimDataDir(folder, "http://localhost:3000");
  const second = claimDataDir(folder, "http://localhost:4000");
  await expect(second).rejects.toThrow(AlreadyRunning);
  await expect(second).rejects.toThrow(`http://localhost:3000 (pid ${process.pid})`);
  await first[Symbol.asyncDispose]();
  await (await claimDataDir(folder, "http://localhost:4000"))[Symbol.asyncDispose]();
});

it("lets exactly one of many simultaneous starts in, also over a dead one", async () => {
  await mkdir(path.join(folder, "run"));
  await writeFile(path.join(folder, "run", "start.json"), "{}");
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => claimDataDir(folder, "http://localhost")));
  expect(results.filter((result) => result.status === "fulfilled").length).toBe(1);
});

it("ignores a killed start, also when its number is somebody else's by now", async () => {
  const gone = spawn("true");
  const { pid } = gone;
  await once(gone, "exit");
  await mkdir(path.join(folder, "run"));
  for (const holder of [{ pid }, { ...identify(process.pid), started: "1" }]) {
    await writeFile(path.join(folder, "run", "start.json"), JSON.stringify({ ...holder, url: "http://localhost" }));
    await (await claimDataDir(folder, "http://localhost"))[Symbol.asyncDispose]();
  }
});

it("makes secrets once, each its own, readable by their owner alone", async () => {
  const first = await secrets(folder, {});
  expect(await secrets(folder, {})).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(5);
  expect(first.SERVICE_SECRET.length).toBeGreaterThanOrEqual(32);
  expect((await stat(path.join(folder, "secrets", "auth-secret"))).mode & 0o777).toBe(0o600);
  expect((await secrets(folder, { AUTH_SECRET: "mine" })).AUTH_SECRET).toBe("mine");
});

it("names the variable of every port that is taken", async () => {
  const ports = await freePortSet(2);
  await assertFree(ports, 2);
  const servers = [ports.api, ports.media + 1].map((port) => createServer().listen(port, "0.0.0.0"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  await expect(assertFree(ports, 2)).rejects.toThrow(/API_PORT[^]*MEDIA_PORT/);
  for (const server of servers) server.close();
});
