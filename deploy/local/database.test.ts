import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "@verbatim/hands/net/free-port";
import { isAlive } from "@verbatim/hands/process/alive";
import { expect, it } from "vitest";
import { startDatabase } from "./database.ts";

async function serverPid(dataDir: string): Promise<number> {
  return Number(
    (await readFile(path.join(dataDir, "postgres", "postmaster.pid"), "utf8").catch(() => "")).split("\n")[0],
  );
}

it("brings the embedded server back when it is killed, and then stops the new one", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "verbatim-database-"));
  const [postgres] = (await freePorts(1)) as [number];
  const said: string[] = [];
  const database = await startDatabase({ env: {}, dataDir, ports: { postgres }, say: (line) => said.push(line) });
  const first = await serverPid(dataDir);
  process.kill(first, "SIGKILL");

  const deadline = performance.now() + 15_000;
  let second = first;
  while (second === first || !Number.isInteger(second) || second === 0 || !isAlive({ pid: second })) {
    if (performance.now() > deadline) throw new Error(`No new server; ${said.join(" ")}`);
    await delay(20);
    second = await serverPid(dataDir);
  }
  expect(said).toEqual(["PostgreSQL ended; starting it again."]);
  await database.stop();
  expect([first, second].filter((pid) => isAlive({ pid }))).toEqual([]);
  await rm(dataDir, { recursive: true, force: true });
});

it("leaves an operator's own server alone", async () => {
  const env = { DATABASE_URL: "postgres://owner@db.example.com/verbatim" };
  const database = await startDatabase({ env, dataDir: "/nowhere", ports: { postgres: 1 }, say: () => undefined });
  expect(database.url).toBe(env.DATABASE_URL);
  await database.stop();
});
